using System.Diagnostics.Metrics;

namespace Reco.Silo.Ingest;

/// <summary>Meter "Reco.Ingest".</summary>
internal sealed class IngestMetrics : IDisposable
{
    public const string MeterName = "Reco.Ingest";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _applied;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _rewinds;
    private readonly Histogram<double> _checkpointSeconds;
    private long _appliedEvents;

    public IngestMetrics()
    {
        _applied = _meter.CreateCounter<long>("reco.ingest.events", "{event}", "Events applied to grains");
        _duplicates = _meter.CreateCounter<long>("reco.ingest.duplicates", "{event}", "Events dropped because their id was seen before");
        _deadLetters = _meter.CreateCounter<long>("reco.ingest.dead_letters", "{record}", "Records that could not be processed");
        _missed = _meter.CreateCounter<long>("reco.ingest.missed", "{record}", "Records that left the log before they were applied");
        _quarantined = _meter.CreateCounter<long>("reco.ingest.quarantined", "{slice}", "Slices left out because the grain's stored state cannot be read");
        _rewinds = _meter.CreateCounter<long>("reco.ingest.rewinds", "{rewind}", "Times a partition went back to its last commit");
        _checkpointSeconds = _meter.CreateHistogram<double>("reco.ingest.checkpoint.duration", "s", "Flush and commit of a checkpoint");
    }

    /// <summary>Events applied since the start.</summary>
    public long AppliedEvents => Interlocked.Read(ref _appliedEvents);

    public void Applied(int events)
    {
        Interlocked.Add(ref _appliedEvents, events);
        _applied.Add(events);
    }

    public void DuplicateDropped() => _duplicates.Add(1);

    public void DeadLettered() => _deadLetters.Add(1);

    public void Missed(long records) => _missed.Add(records);

    public void Quarantined(int slices) => _quarantined.Add(slices);

    public void Rewound(int partition) => _rewinds.Add(1, new KeyValuePair<string, object?>("partition", partition));

    public void Checkpointed(TimeSpan took) => _checkpointSeconds.Record(took.TotalSeconds);

    /// <summary>Publishes the lag of the partitions that are owned at the moment of asking.</summary>
    public void ObserveLag(Func<IEnumerable<(int Partition, long Lag)>> lag) =>
        _meter.CreateObservableGauge(
            "reco.ingest.lag",
            () => lag().Select(l => new Measurement<long>(l.Lag, new KeyValuePair<string, object?>("partition", l.Partition))),
            "{record}",
            "Records in the log that are not applied yet");

    public void Dispose() => _meter.Dispose();
}
