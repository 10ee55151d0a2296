using System.Diagnostics.Metrics;

namespace Reco.Adapters.Embedded.Storage;

/// <summary>Meter "Reco.Journal": what is appended and what the flushes cost, by log (journal, commits, state, dead-letters).</summary>
public sealed class StorageMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Reco.Journal";

    private readonly Meter _meter;
    private readonly Counter<long> _records;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _flushes;
    private readonly Histogram<double> _flushSeconds;

    /// <summary>Registers the instruments.</summary>
    public StorageMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _records = _meter.CreateCounter<long>("reco.journal.appended.records", "{record}", "Records made durable.");
        _bytes = _meter.CreateCounter<long>("reco.journal.appended.bytes", "By", "Bytes made durable, frames included.");
        _flushes = _meter.CreateCounter<long>("reco.journal.fsyncs", "{fsync}", "Flushes to disk.");
        _flushSeconds = _meter.CreateHistogram<double>("reco.journal.fsync.duration", "s", "Time of a flush to disk.");
    }

    internal void Flushed(string log, FrameGroup group, TimeSpan took)
    {
        var tag = new KeyValuePair<string, object?>("log", log);
        _records.Add(group.Count, tag);
        _bytes.Add(group.Bytes, tag);
        _flushes.Add(1, tag);
        _flushSeconds.Record(took.TotalSeconds, tag);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
