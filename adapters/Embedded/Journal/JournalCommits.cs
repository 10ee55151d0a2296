using System.Buffers.Binary;
using System.Globalization;
using Reco.Adapters.Embedded.State;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Journal;

/// <summary>
/// The groups' committed positions: a small state store in the journal's folder, so commits are atomic, survive anything, and the
/// commits of all partitions of a checkpoint share one flush.
/// </summary>
internal sealed class JournalCommits(EmbeddedStateStore store, int partitionCount) : IAsyncDisposable
{
    private const int ValueBytes = 24;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CommittedPosition?[]> _byGroup = new(StringComparer.Ordinal);

    public void Load()
    {
        foreach (var key in store.Keys(""))
        {
            var separator = key.LastIndexOf('/');
            if (store.Read(key) is { Length: ValueBytes } value
                && int.TryParse(key.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                && partition < partitionCount)
            {
                Positions(key[..separator])[partition] = Decode(value);
            }
            else
            {
                throw new EventLogException($"The commit '{key}' is none of this journal's: restore the folder of commits from a copy.");
            }
        }
    }

    public CommittedPosition? Get(string group, int partition)
    {
        lock (_gate)
        {
            return Positions(group)[partition];
        }
    }

    public async ValueTask CommitAsync(string group, int partition, CommittedPosition position, CancellationToken cancellationToken)
    {
        var value = new byte[ValueBytes];
        BinaryPrimitives.WriteInt64LittleEndian(value, position.NextOffset);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(8), position.MaxEventTimeMs);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(16), position.CommittedAtMs);
        await store.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{group}/{partition}"), value, cancellationToken);
        lock (_gate)
        {
            Positions(group)[partition] = position;
        }
    }

    /// <summary>
    /// The offset that every known group has passed; null when some group has not committed in this partition yet, or none is known.
    /// A group is known once it has consumed.
    /// </summary>
    public long? Lowest(int partition)
    {
        lock (_gate)
        {
            return _byGroup.Count == 0 ? null : _byGroup.Values.Aggregate(
                (long?)long.MaxValue,
                (lowest, positions) => positions[partition] is { } p && lowest is { } l ? Math.Min(l, p.NextOffset) : null);
        }
    }

    /// <summary>The furthest commit of any group.</summary>
    public (string Group, long NextOffset)? Furthest(int partition)
    {
        lock (_gate)
        {
            return _byGroup
                .Where(g => g.Value[partition] is not null)
                .Select(g => ((string, long)?)(g.Key, g.Value[partition]!.Value.NextOffset))
                .MaxBy(g => g!.Value.Item2);
        }
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    public void Abandon() => store.Abandon();

    private static CommittedPosition Decode(ReadOnlySpan<byte> value) => new(
        BinaryPrimitives.ReadInt64LittleEndian(value),
        BinaryPrimitives.ReadInt64LittleEndian(value[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(value[16..]));

    private CommittedPosition?[] Positions(string group)
    {
        lock (_gate)
        {
            if (!_byGroup.TryGetValue(group, out var positions))
            {
                _byGroup.Add(group, positions = new CommittedPosition?[partitionCount]);
            }

            return positions;
        }
    }
}
