using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Reco.Bench.System;
using Reco.Silo.Generator;
using Reco.Silo.Ingest;

namespace Reco.Bench.Generator;

/// <summary>The built-in generator at its peak rate, and whether ingest keeps up.</summary>
internal static class GeneratorBenchmark
{
    public static Command Command()
    {
        var json = BenchOptions.Json();
        var rate = BenchOptions.Count("--rate", "Events per second.", 32_000, 1);
        var seconds = BenchOptions.Count("--seconds", "How long, after a warm-up of 5 s.", 60, 5);
        var command = new Command("generator", "The generator at a fixed rate into the log and the grains: rate achieved, and the lag once a second.") { rate, seconds, json };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(rate), parsed.GetValue(seconds), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int rate, int seconds, bool json, CancellationToken cancellationToken)
    {
        await using var host = BenchHost.Create(new Dictionary<string, string?>
        {
            ["Generator:Enabled"] = "true",
            ["Generator:RatePerSecond"] = rate.ToString(global::System.Globalization.CultureInfo.InvariantCulture),
            ["Backfill:Events"] = "0",
        });
        await host.App.StartAsync(cancellationToken);
        var ingest = host.App.Services.GetRequiredService<IngestService>();
        var generator = host.App.Services.GetRequiredService<GeneratorService>();
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, cancellationToken);
        var (sentBefore, skippedBefore) = (generator.Runner!.Status.Sent, generator.Runner.Status.Skipped);
        var started = TimeProvider.System.GetTimestamp();
        var lags = new List<double>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (lags.Count < seconds && await timer.WaitForNextTickAsync(cancellationToken))
        {
            lags.Add(ingest.Lag);
        }

        var elapsed = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var status = generator.Runner.Status;
        var (first, last) = (lags.Take(lags.Count / 2).Average(), lags.Skip(lags.Count / 2).Average());
        var sorted = lags.Order().ToList();
        var achieved = (status.Sent - sentBefore) / elapsed;

        // Within a second of traffic, and no more in the second half than in the first but for a tenth of a second's worth.
        var keepsUp = achieved >= 0.99 * rate && sorted[^1] < rate && last - first < 0.1 * rate;
        BenchReport.Print(
            new
            {
                EventsPerSecond = Math.Round(achieved),
                KeepsUp = keepsUp,
                Seconds = Math.Round(elapsed, 1),
                Skipped = status.Skipped - skippedBefore,
                LagMedian = BenchReport.Percentile(sorted, 0.5),
                LagMax = sorted[^1],
                LagMeanFirstHalf = Math.Round(first),
                LagMeanSecondHalf = Math.Round(last),
            },
            json);
        return keepsUp ? 0 : 1;
    }
}
