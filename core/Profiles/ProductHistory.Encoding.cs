using System.Runtime.InteropServices;
using Reco.Core.Windows;

namespace Reco.Core.Profiles;

/// <content>The persisted form: times as distances back from the newest.</content>
public sealed partial class ProductHistory
{
    private const byte Version = 1;
    private const int EntryBytesMin = 5;

    /// <summary>The state in bytes, about 20 an entry.</summary>
    public byte[] Encode()
    {
        var writer = new StateWriter(Version, 64 + (24 * Entries.Count));
        WriteTo(ref writer);
        return writer.Finish();
    }

    /// <summary>What <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a history.</exception>
    public static ProductHistory Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Version, "product history");
        var history = ReadFrom(ref reader);
        reader.End();
        return history;
    }

    internal void WriteTo(ref StateWriter writer)
    {
        var entries = CollectionsMarshal.AsSpan(Entries);
        var newestMs = long.MinValue;
        foreach (ref readonly var entry in entries)
        {
            newestMs = Math.Max(newestMs, entry.LastEventMs);
        }

        writer.Count(entries.Length);
        if (entries.Length != 0)
        {
            writer.Signed(newestMs);
        }

        foreach (ref readonly var entry in entries)
        {
            writer.Text(entry.ProductId);
            writer.Single(entry.Weight);
            writer.Count(entry.Events);
            writer.Unsigned(unchecked((ulong)(newestMs - entry.LastEventMs)));
            writer.Unsigned(entry.Kinds);
        }

        Purchased.WriteTo(ref writer);
    }

    internal static ProductHistory ReadFrom(ref StateReader reader)
    {
        var count = reader.Length(EntryBytesMin);
        var history = new ProductHistory { Entries = new List<HistoryEntry>(count) };
        var newestMs = count == 0 ? 0 : reader.Signed();
        var seen = count > IndexedAbove ? new Dictionary<string, int>(count * 2, StringComparer.Ordinal) : null;
        for (var i = 0; i < count; i++)
        {
            var entry = new HistoryEntry
            {
                ProductId = reader.Text(),
                Weight = reader.Single(),
                Events = (int)reader.Count(int.MaxValue),
                LastEventMs = unchecked(newestMs - (long)reader.Unsigned()),
                Kinds = (uint)reader.Count(uint.MaxValue),
            };
            if (entry.ProductId.Length == 0 || entry.Events == 0 || entry.Kinds == 0)
            {
                reader.Fail("an entry has no product, no event or no kind");
            }

            if (seen is null ? history.Find(entry.ProductId) >= 0 : !seen.TryAdd(entry.ProductId, i))
            {
                reader.Fail("a product is there twice");
            }

            history.Entries.Add(entry);
        }

        history._index = seen;
        history.Purchased = PurchasedProducts.ReadFrom(ref reader);
        return history;
    }
}
