using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Reco.Testing;

namespace Reco.EndToEnd.Tests;

/// <summary>The whole system with Redis beside it, seen as another program sees it: through redis-cli.</summary>
public sealed class RedisTests
{
    private const string Password = "e2e-secret";
    private const string User = "user_000001";
    private const string TrendingProduct = "product_0007";
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>One system for all of it: a start with a trained model is what takes the time.</summary>
    [Fact]
    public async Task Up_WithRedis_FillsItAnswersFromItAndSurvivesItsDeath()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync(new RedisServerOptions { Password = Password });
        using var folder = new TempFolder();
        await using var reco = RecoProcess.Up(
            folder.File("data"), "--rate", "50", "--set", "Backfill:Events=20000", "--set", $"Redis:Endpoint={redis.Endpoint}", "--set", $"Redis:Password={Password}");
        using var http = new HttpClient { BaseAddress = await reco.ReadyAsync() };
        await Deadline.Until(async () => (await http.GetStringAsync("/recommendations/user_000001", Cancel)).Contains("\"als\"", StringComparison.Ordinal), "a model", Minute);
        Assert.DoesNotContain(Password, reco.Output, StringComparison.Ordinal);

        await MakeTrendingAsync(http);
        await DocumentedKeysAsync(redis, http);
        await AnswersAreFreshAsync(http, "first");
        await KillInMidLoadAsync(redis, http);
        await DocumentedKeysAsync(redis, http);
        await AnswersAreFreshAsync(http, "second");
    }

    [Fact]
    public async Task Up_WrongPassword_StartsAndSaysWhatIsWrong()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync(new RedisServerOptions { Password = Password });
        using var folder = new TempFolder();
        await using var reco = RecoProcess.Up(
            folder.File("data"), "--no-generator", "--set", $"Redis:Endpoint={redis.Endpoint}", "--set", "Redis:Password=mistyped");
        using var http = new HttpClient { BaseAddress = await reco.ReadyAsync() };

        using var answer = await http.GetAsync("/recommendations/user_000001", Cancel);
        Assert.True(answer.IsSuccessStatusCode);
        await Deadline.Until(() => reco.Output.Contains("WRONGPASS", StringComparison.Ordinal), "the reason");
        Assert.Contains("Check Redis:User and Redis:Password", reco.Output, StringComparison.Ordinal);
        Assert.Contains("Redis:Password", await http.GetStringAsync("/health/ready", Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain("mistyped", reco.Output, StringComparison.Ordinal);
    }

    /// <summary>What docs/serving.md says.</summary>
    private static async Task DocumentedKeysAsync(RedisServer redis, HttpClient http)
    {
        // Those of active users come by themselves, this one's because it is asked for.
        await Deadline.Until(async () => (await CliAsync(redis, "keys", "recommendations:*")).Contains("recommendations:user_", StringComparison.Ordinal), "documents", Minute);
        await Deadline.Until(
            async () => (await CliAsync(redis, "exists", "trending", "trending-snapshot", "popular", "popular-snapshot")).Trim() == "4", "rankings", Minute);
        await Deadline.Until(async () => (await CliAsync(redis, "keys", "user-stats:*")).Contains("user-stats:user_", StringComparison.Ordinal), "statistics", Minute);
        await http.GetStringAsync($"/recommendations/{User}", Cancel);
        var recommendations = default(JsonElement);
        await Deadline.Until(
            async () =>
            {
                var json = await CliAsync(redis, "get", $"recommendations:{User}");
                recommendations = json.Trim().Length == 0 ? default : JsonDocument.Parse(json).RootElement;
                return recommendations.ValueKind == JsonValueKind.Object && recommendations.GetProperty("model_version").GetInt64() > 0;
            },
            "a document of the model",
            Minute);
        Assert.Equal(User, recommendations.GetProperty("user_id").GetString());
        Assert.Equal(10, recommendations.GetProperty("items").GetArrayLength());
        var stats = (await CliAsync(redis, "keys", "user-stats:*")).Split('\n')[0].Trim();
        Assert.Equal(stats, "user-stats:" + JsonDocument.Parse(await CliAsync(redis, "get", stats)).RootElement.GetProperty("user_id").GetString());
        var snapshot = JsonDocument.Parse(await CliAsync(redis, "get", "popular-snapshot")).RootElement;
        Assert.Equal(
            (await http.GetFromJsonAsync<JsonElement>("/popular-products", Cancel)).EnumerateObject().Select(p => p.Name).Append("model_version").Order(),
            snapshot.EnumerateObject().Select(p => p.Name).Order());
        Assert.NotEmpty((await CliAsync(redis, "zrevrange", "popular", "0", "9", "withscores")).Trim());
        await Deadline.Until(
            async () => (await CliAsync(redis, "zrevrange", "trending", "0", "-1")).Contains(TrendingProduct, StringComparison.Ordinal), "what trends", Minute);

        Assert.InRange(await TimeToLiveAsync($"recommendations:{User}"), 50 * 60_000, 60 * 60_000);
        foreach (var key in (string[])[stats, "trending-snapshot", "popular", "popular-snapshot"])
        {
            Assert.InRange(await TimeToLiveAsync(key), 1, 5 * 60_000);
        }

        async Task<long> TimeToLiveAsync(string key) => long.Parse((await CliAsync(redis, "pttl", key)).Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>At some hours of the day nothing in the generator's traffic trends, and an empty ranking has no key.</summary>
    private static async Task MakeTrendingAsync(HttpClient http)
    {
        var timestamp = TimeProvider.System.GetUtcNow();
        var views = Enumerable.Range(0, 300).Select(
            i => new { event_id = $"rush-{i}", user_id = $"rush-{i}", product_id = TrendingProduct, event_type = "view", timestamp });
        using var answer = await http.PostAsJsonAsync("/events", views, Cancel);
        Assert.True(answer.IsSuccessStatusCode);
        await Deadline.Until(
            async () => (await http.GetStringAsync("/trending?limit=100", Cancel)).Contains(TrendingProduct, StringComparison.Ordinal), "a trending product", Minute);
    }

    /// <summary>A repeated question is a hit; after an event of the user the very next answers are computed until one shows it.</summary>
    private static async Task AnswersAreFreshAsync(HttpClient http, string run)
    {
        // Of nobody else: the generator's users have names with numbers.
        var user = $"quiet-{run}";
        var popular = (await http.GetFromJsonAsync<JsonElement>("/popular-products", Cancel)).GetProperty("items")[0].GetProperty("product_id").GetString()!;
        await BuyAsync(http, user, popular, $"{run}-0");
        await Deadline.Until(async () => (await GetAsync(http, user)).Says == "hit", "a hit", Minute);

        for (var purchase = 1; purchase <= 5; purchase++)
        {
            var first = await FirstAsync(http, user);
            await BuyAsync(http, user, first, $"{run}-{purchase}");
            await Deadline.Until(async () => await FirstAsync(http, user) != first, "a changed answer");
        }
    }

    private static async Task KillInMidLoadAsync(RedisServer redis, HttpClient http)
    {
        var (stop, answered) = (new CancellationTokenSource(), 0);
        var slowest = TimeSpan.Zero;
        var load = Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await http.GetAsync($"/recommendations/user_{1 + ((caller + (i * 7)) % 500):000000}", Cancel);
                Assert.True(answer.IsSuccessStatusCode);
                lock (stop)
                {
                    slowest = Stopwatch.GetElapsedTime(started) > slowest ? Stopwatch.GetElapsedTime(started) : slowest;
                }

                Interlocked.Increment(ref answered);
            }
        }, Cancel)).ToArray();
        await PassedAsync("load with Redis");
        await redis.KillAsync();
        await PassedAsync("load without Redis");
        await redis.RestartAsync();
        await PassedAsync("load with Redis again");
        await stop.CancelAsync();
        await Task.WhenAll(load).Within("the load ends");
        stop.Dispose();

        // Far below any timeout of grains or requests: nothing hung.
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(10));

        async Task PassedAsync(string phase)
        {
            var before = Volatile.Read(ref answered);
            await Deadline.Until(() => Volatile.Read(ref answered) > before + 100, phase, Minute);
        }
    }

    private static async Task<string> FirstAsync(HttpClient http, string user) =>
        JsonDocument.Parse((await GetAsync(http, user)).Body).RootElement.GetProperty("items")[0].GetProperty("product_id").GetString()!;

    private static async Task<(string Body, string Says)> GetAsync(HttpClient http, string user)
    {
        using var answer = await http.GetAsync($"/recommendations/{user}", Cancel);
        Assert.True(answer.IsSuccessStatusCode);
        return (await answer.Content.ReadAsStringAsync(Cancel), answer.Headers.GetValues("Reco-Cache").Single());
    }

    private static async Task BuyAsync(HttpClient http, string user, string product, string eventId)
    {
        var timestamp = TimeProvider.System.GetUtcNow();
        using var answer = await http.PostAsJsonAsync(
            "/events",
            new { event_id = eventId, user_id = user, product_id = product, event_type = "purchase", timestamp, quantity = 1, unit_price = 1m },
            Cancel);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private static async Task<string> CliAsync(RedisServer redis, params string[] command)
    {
        var start = new ProcessStartInfo(
            "redis-cli", ["-p", redis.Port.ToString(CultureInfo.InvariantCulture), "-a", Password, "--no-auth-warning", .. command])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
