using System.Diagnostics.Metrics;

namespace Reco.Adapters.Kafka;

/// <summary>Meter "Reco.Kafka".</summary>
public sealed class KafkaMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Reco.Kafka";

    private readonly Meter _meter;
    private readonly Counter<long> _appended;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _consumed;
    private readonly Counter<long> _rebalances;
    private readonly Histogram<double> _commitSeconds;
    private readonly Histogram<double> _appendSeconds;

    /// <summary>On the host's meters where there are any.</summary>
    public KafkaMetrics(IMeterFactory? meters = null)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _appended = _meter.CreateCounter<long>("reco.kafka.appended", "{record}", "Records that the brokers acknowledged");
        _refused = _meter.CreateCounter<long>("reco.kafka.refused", "{append}", "Appends that failed, by reason");
        _consumed = _meter.CreateCounter<long>("reco.kafka.consumed", "{record}", "Records read, by group and partition");
        _rebalances = _meter.CreateCounter<long>("reco.kafka.rebalances", "{partition}", "Partitions assigned, revoked and lost, by group");
        _commitSeconds = _meter.CreateHistogram<double>("reco.kafka.commit.duration", "s", "Commit of one partition's position");
        _appendSeconds = _meter.CreateHistogram<double>("reco.kafka.append.duration", "s", "From append to acknowledgement by all replicas");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Appended(int records, TimeSpan took)
    {
        _appended.Add(records);
        _appendSeconds.Record(took.TotalSeconds);
    }

    internal void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void Consumed(string group, int partition, int records) =>
        _consumed.Add(records, new KeyValuePair<string, object?>("group", group), new KeyValuePair<string, object?>("partition", partition));

    internal void Rebalanced(string group, string what) =>
        _rebalances.Add(1, new KeyValuePair<string, object?>("group", group), new KeyValuePair<string, object?>("what", what));

    internal void Committed(TimeSpan took) => _commitSeconds.Record(took.TotalSeconds);

    internal void ObserveQueue(Func<long> bytes) =>
        _meter.CreateObservableGauge("reco.kafka.queue", bytes, "By", "Appended and not yet acknowledged");

    internal void ObserveLag(Func<IEnumerable<(string Group, int Partition, long Lag)>> lag) =>
        _meter.CreateObservableGauge(
            "reco.kafka.lag",
            () => lag().Select(l => new Measurement<long>(
                l.Lag, new KeyValuePair<string, object?>("group", l.Group), new KeyValuePair<string, object?>("partition", l.Partition))),
            "{record}",
            "Records between the end of the log and what was read");
}
