using Reco.Core.Trending;
using Reco.Core.Windows;

namespace Reco.Core.Profiles;

/// <summary>What a product's profile needs of an event.</summary>
public readonly record struct ProductProfileEvent
{
    /// <summary>Partition of the log.</summary>
    public required int Partition { get; init; }

    /// <summary>Offset in it.</summary>
    public required long Offset { get; init; }

    /// <summary>Kind, 0 to <see cref="ProfileRules.Kinds"/> - 1.</summary>
    public required int Kind { get; init; }

    /// <summary>Event time, milliseconds since the Unix epoch.</summary>
    public required long TimeMs { get; init; }

    /// <summary>StableHash of the user.</summary>
    public required ulong UserHash { get; init; }

    /// <summary>How much it says about interest, 0 or more.</summary>
    public float Weight { get; init; }

    /// <summary>Money it brought.</summary>
    public decimal Revenue { get; init; }

    /// <summary>Whether the partition's watermark had passed the allowed lateness.</summary>
    public bool Late { get; init; }
}

/// <summary>All that is known of a product, as of the last applied offsets. For one thread.</summary>
/// <remarks>The properties are the state as it is persisted; change it with <see cref="Apply"/> only.</remarks>
public sealed class ProductProfile
{
    private const byte Version = 1;

    /// <summary>What has been applied.</summary>
    public PartitionOffsets Offsets { get; set; } = new();

    /// <summary>Everything ever.</summary>
    public EventTotals Totals { get; set; } = new();

    /// <summary>The recent past, with distinct users.</summary>
    public SlidingWindow Window { get; set; } = new();

    /// <summary>Weighted events with the half-life of "now".</summary>
    public DecayedSum Short { get; set; }

    /// <summary>Weighted events with the half-life of the baseline.</summary>
    public DecayedSum Long { get; set; }

    /// <summary>Weighted events with the half-life of popularity.</summary>
    public DecayedSum Popularity { get; set; }

    /// <summary>Applies an event, unless its offset was applied before. Offsets of a partition come in ascending order.</summary>
    /// <returns>False when it was applied before, and nothing changed.</returns>
    /// <exception cref="ArgumentException">The event breaks a rule; nothing changed.</exception>
    public bool Apply(in ProductProfileEvent e, ProfileRules rules)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(e.Partition);
        ArgumentOutOfRangeException.ThrowIfNegative(e.Offset);
        if (!Offsets.IsNew(e.Partition, e.Offset))
        {
            return false;
        }

        rules.ProductWindow.ThrowUnlessValid(e.TimeMs, e.Kind);

        // The only part that can refuse what the line above lets pass, hence first.
        Short = Short.Add(e.Weight, e.TimeMs, rules.ShortHalfLifeMs);
        Long = Long.Add(e.Weight, e.TimeMs, rules.LongHalfLifeMs);
        Popularity = Popularity.Add(e.Weight, e.TimeMs, rules.PopularityHalfLifeMs);

        var late = e.Late || !Window.Add(rules.ProductWindow, e.TimeMs, e.Kind, e.Revenue, e.UserHash);
        Totals.Add(rules.Kinds, e.Kind, e.TimeMs, e.Revenue, late);
        Offsets.Set(e.Partition, e.Offset);
        return true;
    }

    /// <summary>The row for the trending board, at the time of the newest event.</summary>
    public TrendingRow Report(string productId, ProfileRules rules) => new()
    {
        ProductId = productId,
        ReferenceTimeMs = Totals.LastEventMs,
        Short = Short.ValueAt(Totals.LastEventMs, rules.ShortHalfLifeMs),
        Long = Long.ValueAt(Totals.LastEventMs, rules.LongHalfLifeMs),
        Popularity = Popularity.ValueAt(Totals.LastEventMs, rules.PopularityHalfLifeMs),
        Counts = [.. Totals.Counts],
        Revenue = Totals.Revenue,
    };

    /// <summary>The state in bytes.</summary>
    public byte[] Encode()
    {
        var writer = new StateWriter(Version);
        Offsets.WriteTo(ref writer);
        Totals.WriteTo(ref writer);
        Window.WriteTo(ref writer);
        Write(ref writer, Short);
        Write(ref writer, Long);
        Write(ref writer, Popularity);
        return writer.Finish();
    }

    /// <summary>What <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a product's profile.</exception>
    public static ProductProfile Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Version, "product profile");
        var profile = new ProductProfile
        {
            Offsets = PartitionOffsets.ReadFrom(ref reader),
            Totals = EventTotals.ReadFrom(ref reader),
            Window = SlidingWindow.ReadFrom(ref reader),
            Short = Read(ref reader),
            Long = Read(ref reader),
            Popularity = Read(ref reader),
        };
        reader.End();
        return profile;
    }

    private static void Write(ref StateWriter writer, DecayedSum sum)
    {
        writer.Double(sum.Value);
        writer.Signed(sum.ReferenceTimeMs);
    }

    private static DecayedSum Read(ref StateReader reader) => new(reader.Double(), reader.Signed());
}
