namespace Reco.Silo.Ingest;

/// <summary>
/// The highest offset that was handed to each grain since the last confirmed checkpoint. Two generations: while a checkpoint
/// flushes the older one, the newer one goes on filling; what is in either is not known to be durable.
/// </summary>
internal sealed class SentOffsets
{
    private Dictionary<string, long> _current = [];
    private Dictionary<string, long> _flushing = [];

    /// <summary>The offset the grain must have seen before its next slice; -1 when nothing unconfirmed was sent to it.</summary>
    public long After(string grainKey) =>
        _current.TryGetValue(grainKey, out var offset) || _flushing.TryGetValue(grainKey, out offset) ? offset : -1;

    /// <summary>Remembers that everything up to this offset was handed over.</summary>
    public void Sent(string grainKey, long offset) => _current[grainKey] = offset;

    /// <summary>Starts a checkpoint: what must be confirmed. An earlier one that was not confirmed is part of it.</summary>
    public IReadOnlyDictionary<string, long> BeginCheckpoint()
    {
        if (_flushing.Count == 0)
        {
            (_flushing, _current) = (_current, []);
            return _flushing;
        }

        var merged = new Dictionary<string, long>(_flushing);
        foreach (var (key, offset) in _current)
        {
            merged[key] = offset;
        }

        (_flushing, _current) = (merged, []);
        return merged;
    }

    /// <summary>The checkpoint was confirmed and committed.</summary>
    public void Confirm() => _flushing = [];

    /// <summary>The partition was rewound: everything will be sent again.</summary>
    public void Clear() => (_current, _flushing) = ([], []);
}
