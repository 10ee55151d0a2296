using System.Runtime.InteropServices;
using Reco.Core.Windows;

namespace Reco.Core.Profiles;

/// <summary>
/// Hashes of the products a user has bought, in the order of their first purchase; when there are too many, the oldest leave.
/// Two of 10,000 products of one user share a hash with a chance of 3e-12; the one would then not be recommended. For one thread.
/// </summary>
/// <remarks>The properties are the state as it is persisted; use the methods.</remarks>
public sealed class PurchasedProducts
{
    /// <summary>Up to here a vectorised search along the hashes is as fast as a set.</summary>
    private const int IndexedAbove = 64;

    private HashSet<ulong>? _index;

    /// <summary>The hashes: a ring that begins at <see cref="Oldest"/>.</summary>
    public List<ulong> Hashes { get; set; } = [];

    /// <summary>Place of the oldest hash.</summary>
    public int Oldest { get; set; }

    /// <summary>Remembers a hash, forgetting the oldest beyond <paramref name="max"/>.</summary>
    public void Add(ulong hash, int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        if (Contains(hash))
        {
            return;
        }

        if (Hashes.Count > max || (Hashes.Count < max && Oldest != 0))
        {
            Straighten(max);
        }

        if (Hashes.Count < max)
        {
            Hashes.Add(hash);
        }
        else
        {
            _index?.Remove(Hashes[Oldest]);
            Hashes[Oldest] = hash;
            Oldest = (Oldest + 1) % Hashes.Count;
        }

        _index?.Add(hash);
    }

    /// <summary>Whether the hash is remembered.</summary>
    public bool Contains(ulong hash) => Hashes.Count > IndexedAbove
        ? (_index ??= [.. Hashes]).Contains(hash)
        : CollectionsMarshal.AsSpan(Hashes).Contains(hash);

    internal void WriteTo(ref StateWriter writer)
    {
        writer.Count(Hashes.Count);
        for (var i = 0; i < Hashes.Count; i++)
        {
            writer.Fixed64(Hashes[(Oldest + i) % Hashes.Count]);
        }
    }

    internal static PurchasedProducts ReadFrom(ref StateReader reader)
    {
        var count = reader.Length(sizeof(ulong));
        var purchased = new PurchasedProducts { Hashes = new List<ulong>(count) };
        for (var i = 0; i < count; i++)
        {
            purchased.Hashes.Add(reader.Fixed64());
        }

        return purchased;
    }

    /// <summary>The limit has changed: begins the ring at 0 again and forgets what is too much.</summary>
    private void Straighten(int max)
    {
        var kept = Math.Min(Hashes.Count, max);
        var ordered = new List<ulong>(kept);
        for (var i = Hashes.Count - kept; i < Hashes.Count; i++)
        {
            ordered.Add(Hashes[(Oldest + i) % Hashes.Count]);
        }

        Hashes = ordered;
        Oldest = 0;
        _index = null;
    }
}
