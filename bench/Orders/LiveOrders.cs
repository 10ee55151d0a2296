using Microsoft.Extensions.DependencyInjection;
using Reco.Bench.System;
using Reco.Core.Ports;
using Reco.Silo.Orders;

namespace Reco.Bench.Orders;

/// <summary>Purchases appended at a steady rate, and the lag of the orders meanwhile.</summary>
internal sealed record LiveOrders(double Seconds, bool KeepsUp, double LagMedian, double LagMax)
{
    private const int TicksPerSecond = 20;

    public static async Task<LiveOrders> MeasureAsync(
        BenchHost host, PurchaseMaker maker, int rate, int seconds, CancellationToken cancellationToken)
    {
        var log = host.App.Services.GetRequiredService<IEventLog>();
        var sink = host.App.Services.GetRequiredService<OrderSink>();
        var lags = new List<double>();
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        for (var sent = 0; sent < rate * seconds && await timer.WaitForNextTickAsync(cancellationToken);)
        {
            // What is due by the clock, so that a late tick is made good by the next.
            var due = Math.Min(rate * seconds, (int)(TimeProvider.System.GetElapsedTime(started).TotalSeconds * rate));
            await maker.AppendAsync(log, due - sent, cancellationToken);
            sent = due;
            lags.Add(sink.Lag);
        }

        var elapsed = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        while (sink.Lag > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
        }

        var sorted = lags.Order().ToList();
        var half = lags.Count / 2;

        // Within a second of traffic, and no more in the second half than in the first but for a tenth of a second's worth.
        var keepsUp = elapsed < seconds * 1.01 + 0.1 && sorted[^1] < rate && lags.Skip(half).Average() - lags.Take(half).Average() < 0.1 * rate;
        return new LiveOrders(Math.Round(elapsed, 1), keepsUp, BenchReport.Percentile(sorted, 0.5), sorted[^1]);
    }
}
