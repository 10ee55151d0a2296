using System.Diagnostics.Metrics;

namespace Orleans.Local;

/// <summary>Numbers of the host, under Orleans' own names so that one dashboard reads both hosts.</summary>
internal sealed class HostMetrics
{
    public const string MeterName = "Microsoft.Orleans";

    private readonly Counter<long> _created;
    private readonly Counter<long> _destroyed;
    private readonly Counter<long> _failed;
    private long _active;

    public HostMetrics(IMeterFactory meters, InFlightCalls calls)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("orleans-catalog-activations", () => Volatile.Read(ref _active));
        _created = meter.CreateCounter<long>("orleans-catalog-activation-created");
        _destroyed = meter.CreateCounter<long>("orleans-catalog-activation-destroyed");
        _failed = meter.CreateCounter<long>("orleans-catalog-activation-failed-to-activate");

        // Orleans counts requests as a part of its latency histogram; a clock reading and a histogram for each call would cost
        // as much as the call.
        meter.CreateObservableCounter("orleans-app-requests", () => calls.Sent);
        meter.CreateObservableCounter("orleans-app-requests-timedout", () => calls.TimedOut);
    }

    public void Activated()
    {
        Interlocked.Increment(ref _active);
        _created.Add(1);
    }

    public void Deactivated()
    {
        Interlocked.Decrement(ref _active);
        _destroyed.Add(1);
    }

    public void ActivationFailed() => _failed.Add(1);
}
