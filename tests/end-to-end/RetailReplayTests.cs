using System.Net.Http.Json;
using System.Text.Json;
using Reco.Testing;

namespace Reco.EndToEnd.Tests;

/// <summary>A real file through the real processes: exact totals, a model, recommendations for real customers.</summary>
public sealed class RetailReplayTests
{
    private const int ShownCustomers = 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_GeneratedFile_GivesExactTotals()
    {
        using var folder = new TempFolder();
        var file = folder.File("small.csv");
        RetailCounts.Generate(file, rows: 20_000, seed: 1);
        await ReplayAsync(folder, file, RetailCounts.Of(file));
    }

    [Fact]
    public async Task Replay_OnlineRetail_GivesExactTotalsAndRecommendations()
    {
        var file = RetailCounts.RealFile();
        Assert.SkipWhen(file is null, "shared/data/online-retail.csv.gz is not beside the repository");
        var expected = RetailCounts.Of(file);
        Assert.Equal(397_884, expected.Purchases);
        Assert.Equal(3_665, expected.ByProduct.Count);
        using var folder = new TempFolder();
        await ReplayAsync(folder, file, expected);
    }

    private static async Task ReplayAsync(TempFolder folder, string file, RetailCounts expected)
    {
        await using var reco = RecoProcess.Up(folder.File("data"), "--no-generator");
        var address = await reco.ReadyAsync();
        await using var replay = RecoProcess.Workload("replay", file, "--url", address.ToString(), "--speed", "max");
        Assert.True(await replay.ExitAsync("the replay", TimeSpan.FromMinutes(3)) == 0, replay.Output);

        await Totals.AssertExactAsync(address, expected, Cancel);
        using var http = new HttpClient { BaseAddress = address };
        await TrainUntilPublishedAsync(http, expected);
        foreach (var customer in expected.ByCustomer.OrderByDescending(c => c.Value).Skip(5).Take(ShownCustomers))
        {
            await AssertRecommendationsAsync(http, customer.Key);
        }
    }

    /// <summary>Rows reach the shards at the next checkpoint, so the first run may still see too few of them.</summary>
    private static async Task TrainUntilPublishedAsync(HttpClient http, RetailCounts expected) =>
        await Deadline.Until(
            async () =>
            {
                using var answer = await http.PostAsync("/admin/retrain", null, Cancel);
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
                var model = await http.GetFromJsonAsync<JsonElement>("/admin/model", Cancel);
                return model.GetProperty("users").GetInt32() == expected.ByCustomer.Count;
            },
            "a model over every customer",
            TimeSpan.FromMinutes(1));

    private static async Task AssertRecommendationsAsync(HttpClient http, string customer)
    {
        var answer = await http.GetFromJsonAsync<JsonElement>($"/recommendations/{customer}?explain=true", Cancel);
        var items = answer.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(10, items.Select(i => i.GetProperty("product_id").GetString()).Distinct().Count());
        Assert.All(items, item =>
        {
            Assert.Equal("als", item.GetProperty("source").GetString());
            Assert.StartsWith("because you bought ", item.GetProperty("reason").GetString(), StringComparison.Ordinal);
            Assert.Equal(
                item.GetProperty("score").GetDouble(), item.GetProperty("contributions").EnumerateArray().Sum(c => c.GetProperty("value").GetDouble()), 1e-3);
        });
    }
}
