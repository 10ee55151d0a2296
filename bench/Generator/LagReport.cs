using Microsoft.Extensions.DependencyInjection;
using Reco.Bench.System;
using Reco.Silo.Generator;
using Reco.Silo.Ingest;

namespace Reco.Bench.Generator;

/// <summary>What the built-in generator achieved, and how far ingest was behind it.</summary>
internal sealed record LagReport
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public required double EventsPerSecond { get; init; }

    public required double Seconds { get; init; }

    public required long Skipped { get; init; }

    public required double LagMedian { get; init; }

    public required double LagMax { get; init; }

    public required double LagMeanFirstHalf { get; init; }

    public required double LagMeanSecondHalf { get; init; }

    /// <summary>Within a second of traffic, and no more in the second half than in the first but for a tenth of a second's worth.</summary>
    public bool KeepsUp(double rate) => EventsPerSecond >= 0.99 * rate && LagMax < rate && LagMeanSecondHalf - LagMeanFirstHalf < 0.1 * rate;

    /// <summary>Asks a running host for its lag once a second, after a warm-up.</summary>
    public static async Task<LagReport> MeasureAsync(BenchHost host, int seconds, CancellationToken cancellationToken)
    {
        var ingest = host.App.Services.GetRequiredService<IngestService>();
        var generator = host.App.Services.GetRequiredService<GeneratorService>();
        while (ingest.Partitions == 0 || generator.Runner is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }

        await Task.Delay(WarmUp, TimeProvider.System, cancellationToken);
        var before = generator.Runner.Status;
        var started = TimeProvider.System.GetTimestamp();
        var lags = new List<double>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (lags.Count < seconds && await timer.WaitForNextTickAsync(cancellationToken))
        {
            lags.Add(ingest.Lag);
        }

        var elapsed = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var after = generator.Runner.Status;
        var sorted = lags.Order().ToList();
        return new LagReport
        {
            EventsPerSecond = (after.Sent - before.Sent) / elapsed,
            Seconds = Math.Round(elapsed, 1),
            Skipped = after.Skipped - before.Skipped,
            LagMedian = BenchReport.Percentile(sorted, 0.5),
            LagMax = sorted[^1],
            LagMeanFirstHalf = Math.Round(lags.Take(lags.Count / 2).Average()),
            LagMeanSecondHalf = Math.Round(lags.Skip(lags.Count / 2).Average()),
        };
    }
}
