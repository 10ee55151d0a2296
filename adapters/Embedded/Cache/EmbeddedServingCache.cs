using Reco.Core.Ports;
using Reco.Core.Serving;

namespace Reco.Adapters.Embedded.Cache;

/// <summary>
/// The serving cache in memory: the same keys and times to live as in Redis, bounded by number and bytes. When it is full, what was not used for
/// the longest time goes first; what is over its time goes when it is met.
/// </summary>
public sealed class EmbeddedServingCache(ServingCacheOptions options, TimeProvider time) : IServingCache
{
    /// <summary>What an entry costs besides its content: node, list node, key object. Measured at about 200 bytes.</summary>
    private const int EntryBytes = 200;

    /// <summary>Of a member besides its characters.</summary>
    private const int MemberBytes = 40;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _newestFirst = new();
    private long _bytes;

    /// <inheritdoc/>
    public bool IsAvailable => true;

    /// <inheritdoc/>
    public string? Problem => null;

    /// <inheritdoc/>
    public long Generation => 1;

    /// <summary>Entries that are kept, those over their time and not yet met among them.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>What they take, about.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Find(key) switch
        {
            null => ValueTask.FromResult<ReadOnlyMemory<byte>?>(null),
            { Members: not null } => throw new ServingCacheException($"'{key}' is a ranking, not a document."),
            { Json: var json } => ValueTask.FromResult<ReadOnlyMemory<byte>?>(json),
        };
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RankedMember>> ReadRankingAsync(string key, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return Find(key) switch
        {
            null => ValueTask.FromResult<IReadOnlyList<RankedMember>>([]),
            { Members: null } => throw new ServingCacheException($"'{key}' is a document, not a ranking."),
            { Members: var members } => ValueTask.FromResult<IReadOnlyList<RankedMember>>([.. members.Take(limit)]),
        };
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ServingWrites writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        cancellationToken.ThrowIfCancellationRequested();
        var now = time.GetUtcNow();
        lock (_gate)
        {
            foreach (var document in writes.Documents)
            {
                Put(Entry.Of(document, now));
            }

            foreach (var ranking in writes.Rankings)
            {
                Remove(ranking.Key);
                if (ranking.Members.Count > 0)
                {
                    RankedMember[] best = [.. ranking.Members.OrderByDescending(m => m.Score).ThenByDescending(m => m.ProductId, StringComparer.Ordinal)];
                    var bytes = best.Sum(member => MemberBytes + (2L * member.ProductId.Length));
                    Put(new Entry(ranking.Key, default, best, now + ranking.TimeToLive, EntryBytes + (2 * ranking.Key.Length) + bytes));
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Writes one document, as <see cref="WriteAsync"/> does several.</summary>
    public void Put(ServingDocument document)
    {
        var entry = Entry.Of(document, time.GetUtcNow());
        lock (_gate)
        {
            Put(entry);
        }
    }

    private Entry? Find(string key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                return null;
            }

            if (node.Value.Ends <= time.GetUtcNow())
            {
                Remove(key);
                return null;
            }

            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            return node.Value;
        }
    }

    private void Put(Entry entry)
    {
        Remove(entry.Key);
        if (entry.Bytes > options.MemoryBytes)
        {
            // It would push out everything else, and then itself.
            return;
        }

        _entries[entry.Key] = _newestFirst.AddFirst(entry);
        _bytes += entry.Bytes;
        while (_entries.Count > options.MemoryDocuments || _bytes > options.MemoryBytes)
        {
            Remove(_newestFirst.Last!.Value.Key);
        }
    }

    private void Remove(string key)
    {
        if (_entries.Remove(key, out var node))
        {
            _newestFirst.Remove(node);
            _bytes -= node.Value.Bytes;
        }
    }

    private sealed record Entry(string Key, ReadOnlyMemory<byte> Json, RankedMember[]? Members, DateTimeOffset Ends, long Bytes)
    {
        public static Entry Of(ServingDocument document, DateTimeOffset now) => new(
            document.Key, document.Json, null, now + document.TimeToLive, EntryBytes + (2 * document.Key.Length) + document.Json.Length);
    }
}
