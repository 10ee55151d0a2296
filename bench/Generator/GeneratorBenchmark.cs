using System.CommandLine;
using Reco.Bench.System;

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
        var report = await LagReport.MeasureAsync(host, seconds, cancellationToken);
        BenchReport.Print(
            new
            {
                EventsPerSecond = Math.Round(report.EventsPerSecond),
                KeepsUp = report.KeepsUp(rate),
                report.Seconds,
                report.Skipped,
                report.LagMedian,
                report.LagMax,
                report.LagMeanFirstHalf,
                report.LagMeanSecondHalf,
            },
            json);
        return report.KeepsUp(rate) ? 0 : 1;
    }
}
