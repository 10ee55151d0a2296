using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Reco.Bench.System;
using Reco.Grains.Model;
using Reco.Silo.Ingest;
using Reco.Testing;

namespace Reco.Bench.Redis;

/// <summary>
/// What answering from the serving cache saves: GET /recommendations over HTTP, of the same users in the same order, computed each time and answered
/// from the cache, in memory and in Redis. A cached answer still asks the user's grain whether it is true.
/// </summary>
internal static class CacheBenchmark
{
    private const string Header = "Reco-Cache";
    private const double HitsGoal = 0.98;

    /// <summary>Generator:Users.</summary>
    private const int GeneratedUsers = 5_000;

    public static Command Command()
    {
        var json = BenchOptions.Json();
        var products = BenchOptions.Count("--products", "Products in the catalogue.", 1_000, 100);
        var events = BenchOptions.Count("--events", "Events before the model is trained: they make the histories.", 200_000, 1_000);
        var requests = BenchOptions.Count("--requests", "Requests of each kind.", 3_000, 100);
        var users = BenchOptions.Count("--users", "Users who ask.", 300, 1);
        var command = new Command("cache", "Milliseconds of GET /recommendations computed, from the cache in memory, and from Redis.") { products, events, requests, users, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(products), parsed.GetValue(events), parsed.GetValue(requests), parsed.GetValue(users), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int products, int events, int requests, int users, bool json, CancellationToken cancellationToken)
    {
        var memory = await MeasureAsync(new Dictionary<string, string?>(), products, events, requests, users, cancellationToken);
        await using var server = await RedisServer.StartAsync();

        // With no memory of its own the gateway asks Redis each time.
        var redis = await MeasureAsync(
            new Dictionary<string, string?> { ["Redis:Endpoint"] = server.Endpoint, ["ServingCache:MemoryDocuments"] = "1" },
            products, events, requests, users, cancellationToken);
        BenchReport.Print(
            new
            {
                Requests = requests,
                Users = users,
                Products = products,
                Events = events,
                ComputedMedianMs = memory.Computed.Median,
                ComputedP99Ms = memory.Computed.P99,
                MemoryMedianMs = memory.Cached.Median,
                MemoryP99Ms = memory.Cached.P99,
                MemoryHits = memory.Hits,
                RedisComputedMedianMs = redis.Computed.Median,
                RedisComputedP99Ms = redis.Computed.P99,
                RedisMedianMs = redis.Cached.Median,
                RedisP99Ms = redis.Cached.P99,
                RedisHits = redis.Hits,
                MemorySavesMedianMs = Math.Round(memory.Computed.Median - memory.Cached.Median, 3),
                RedisSavesMedianMs = Math.Round(redis.Computed.Median - redis.Cached.Median, 3),
            },
            json);
        return memory.Hits >= HitsGoal && redis.Hits >= HitsGoal ? 0 : 1;
    }

    private static async Task<Result> MeasureAsync(
        Dictionary<string, string?> settings, int products, int events, int requests, int users, CancellationToken cancellationToken)
    {
        settings["Generator:Enabled"] = "true";
        settings["Generator:RatePerSecond"] = "1";
        settings["Backfill:Events"] = events.ToString(CultureInfo.InvariantCulture);
        settings["Catalogue:SeedProducts"] = products.ToString(CultureInfo.InvariantCulture);

        // Trending products among the items would make some answers age.
        settings["ServingCache:RankedAgeSecondsMax"] = "3600";
        await using var host = BenchHost.Create(settings);
        await host.App.StartAsync(cancellationToken);
        var ingest = host.App.Services.GetRequiredService<IngestService>();
        while (ingest.AppliedEvents < events)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }

        await ingest.CheckpointAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = host.Address };
        await TrainAsync(host, http, cancellationToken);

        // A parameter that is not the default is computed each time: exclude_seen changes what is left out, not the work.
        var asking = await KnownUsersAsync(http, users, cancellationToken);
        await PassAsync(http, "?exclude_seen=false", users, asking, cancellationToken);
        var computed = await PassAsync(http, "?exclude_seen=false", requests, asking, cancellationToken);
        await UntilNearlyAllHitAsync(http, asking, cancellationToken);
        var cached = await PassAsync(http, "", requests, asking, cancellationToken);
        return new Result(Timing.Of(computed), Timing.Of(cached), Math.Round(cached.Count(c => c.Hit) / (double)requests, 3));
    }

    /// <summary>A model of all events, that stays: the next training would make every answer new.</summary>
    private static async Task TrainAsync(BenchHost host, HttpClient http, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsync("/admin/retrain", null, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var model = host.App.Services.GetRequiredService<ModelHolder>();
        while (model.Current is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Users with events: others are not cached.</summary>
    private static async Task<string[]> KnownUsersAsync(HttpClient http, int users, CancellationToken cancellationToken)
    {
        var known = new List<string>();
        for (var number = 1; known.Count < users; number++)
        {
            var user = string.Create(CultureInfo.InvariantCulture, $"user_{number:000000}");
            using var answer = await http.GetAsync($"/user-stats/{user}", cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                known.Add(user);
            }
            else if (number > GeneratedUsers)
            {
                throw new InvalidOperationException($"only {known.Count} users have events: more --events, or fewer --users");
            }
        }

        return [.. known];
    }

    /// <summary>But for the few that the generator, which goes on with an event a second, has just changed.</summary>
    private static async Task UntilNearlyAllHitAsync(HttpClient http, string[] users, CancellationToken cancellationToken)
    {
        while ((await PassAsync(http, "", users.Length, users, cancellationToken)).Count(request => request.Hit) < HitsGoal * users.Length)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<List<(double Ms, bool Hit)>> PassAsync(
        HttpClient http, string query, int requests, string[] users, CancellationToken cancellationToken)
    {
        var took = new List<(double, bool)>(requests);
        for (var i = 0; i < requests; i++)
        {
            var user = $"/recommendations/{users[i % users.Length]}{query}";
            var started = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync(user, cancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            took.Add((Stopwatch.GetElapsedTime(started).TotalMilliseconds, answer.Headers.GetValues(Header).Single() == "hit"));
            if (!answer.IsSuccessStatusCode || body.Length == 0)
            {
                throw new InvalidOperationException($"{user}: {answer.StatusCode}");
            }
        }

        return took;
    }

    private sealed record Result(Timing Computed, Timing Cached, double Hits);

    private sealed record Timing(double Median, double P99)
    {
        public static Timing Of(List<(double Ms, bool Hit)> requests)
        {
            double[] sorted = [.. requests.Select(r => r.Ms).Order()];
            return new Timing(Math.Round(BenchReport.Percentile(sorted, 0.5), 3), Math.Round(BenchReport.Percentile(sorted, 0.99), 3));
        }
    }
}
