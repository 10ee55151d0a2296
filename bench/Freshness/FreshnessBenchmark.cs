using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Reco.Bench.System;
using Reco.Grains.Model;

namespace Reco.Bench.Freshness;

/// <summary>
/// A shopper buys the first recommended product through POST /events; the time from then until GET /recommendations is another one, over HTTP,
/// with a trained model and background traffic.
/// </summary>
internal static class FreshnessBenchmark
{
    private const double GoalMs = 100;

    public static Command Command()
    {
        var json = BenchOptions.Json();
        var rate = BenchOptions.Count("--rate", "Background events per second.", 1000, 1);
        var trials = BenchOptions.Count("--trials", "Events to follow.", 300, 10);
        var command = new Command("freshness", "Milliseconds from POST /events to changed recommendations, under background traffic.") { rate, trials, json };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(rate), parsed.GetValue(trials), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int rate, int trials, bool json, CancellationToken cancellationToken)
    {
        await using var host = BenchHost.Create(new Dictionary<string, string?>
        {
            ["Generator:Enabled"] = "true",
            ["Generator:RatePerSecond"] = rate.ToString(CultureInfo.InvariantCulture),
        });
        await host.App.StartAsync(cancellationToken);
        var model = host.App.Services.GetRequiredService<ModelHolder>();
        while (model.Current is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }

        using var http = new HttpClient { BaseAddress = host.Address };
        var took = new List<double>();
        var onFirstRead = 0;
        for (var trial = 0; trial < trials; trial++)
        {
            // 37 is prime to 5,000: shoppers all over the range, each once.
            var user = string.Create(CultureInfo.InvariantCulture, $"user_{1 + (trial * 37 % 5000):000000}");
            var before = await FirstAsync(http, user, cancellationToken);
            var posted = Stopwatch.GetTimestamp();
            await BuyAsync(http, user, before, trial, cancellationToken);
            var reads = 0;
            do
            {
                reads++;
            }
            while (await FirstAsync(http, user, cancellationToken) == before);

            onFirstRead += reads == 1 ? 1 : 0;
            took.Add(Stopwatch.GetElapsedTime(posted).TotalMilliseconds);
        }

        took.Sort();
        var within = took.Count(ms => ms <= GoalMs) / (double)took.Count;
        BenchReport.Print(
            new
            {
                Trials = trials,
                BackgroundEventsPerSecond = rate,
                MedianMs = Math.Round(BenchReport.Percentile(took, 0.5), 2),
                P95Ms = Math.Round(BenchReport.Percentile(took, 0.95), 2),
                P99Ms = Math.Round(BenchReport.Percentile(took, 0.99), 2),
                MaxMs = Math.Round(took[^1], 2),
                WithinGoal = within,
                ChangedOnFirstRead = onFirstRead / (double)trials,
            },
            json);
        return within >= 0.99 ? 0 : 1;
    }

    private static async Task<string> FirstAsync(HttpClient http, string user, CancellationToken cancellationToken)
    {
        var answer = await http.GetFromJsonAsync<JsonElement>($"/recommendations/{user}", cancellationToken);
        return answer.GetProperty("items")[0].GetProperty("product_id").GetString()!;
    }

    private static async Task BuyAsync(HttpClient http, string user, string product, int trial, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(
            "/events",
            new
            {
                event_id = $"freshness-{trial}",
                user_id = user,
                product_id = product,
                event_type = "purchase",
                timestamp = TimeProvider.System.GetUtcNow(),
                quantity = 1,
                unit_price = 1m,
            },
            cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
