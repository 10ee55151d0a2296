using System.Diagnostics.Metrics;
using Reco.Core.Ports;

namespace Reco.Silo.Orders;

/// <summary>Meter "Reco.Orders".</summary>
internal sealed class OrderMetrics : IDisposable
{
    public const string MeterName = "Reco.Orders";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _added;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _writeSeconds;
    private long _purchasesDone;

    public OrderMetrics()
    {
        _added = _meter.CreateCounter<long>("reco.orders.added", "{order}", "Purchases that became orders");
        _repeated = _meter.CreateCounter<long>("reco.orders.repeated", "{purchase}", "Purchases that were orders already");
        _refused = _meter.CreateCounter<long>("reco.orders.refused", "{purchase}", "Purchases that went to the dead letters");
        _retries = _meter.CreateCounter<long>("reco.orders.retries", "{retry}", "Batches that failed and are tried again");
        _writeSeconds = _meter.CreateHistogram<double>("reco.orders.write.duration", "s", "One transaction of the store, waiting for it not included");
    }

    /// <summary>Purchases that were dealt with since the start: new, repeated and refused.</summary>
    public long PurchasesDone => Interlocked.Read(ref _purchasesDone);

    public void Written(int purchases, OrdersAdded outcome, TimeSpan took)
    {
        _added.Add(outcome.Added);
        _repeated.Add(purchases - outcome.Added - outcome.Refused.Count);
        _refused.Add(outcome.Refused.Count);
        _writeSeconds.Record(took.TotalSeconds);
        Interlocked.Add(ref _purchasesDone, purchases);
    }

    public void Retried(int partition) => _retries.Add(1, new KeyValuePair<string, object?>("partition", partition));

    /// <summary>Publishes the lag of the partitions that are owned at the moment of asking.</summary>
    public void ObserveLag(Func<IEnumerable<(int Partition, long Lag)>> lag) =>
        _meter.CreateObservableGauge(
            "reco.orders.lag",
            () => lag().Select(l => new Measurement<long>(l.Lag, new KeyValuePair<string, object?>("partition", l.Partition))),
            "{record}",
            "Records in the log whose purchases are not orders yet");

    public void Dispose() => _meter.Dispose();
}
