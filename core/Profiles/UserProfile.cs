using Reco.Core.Windows;

namespace Reco.Core.Profiles;

/// <summary>What a user's profile needs of an event.</summary>
public readonly record struct UserProfileEvent
{
    /// <summary>Partition of the log.</summary>
    public required int Partition { get; init; }

    /// <summary>Offset in it.</summary>
    public required long Offset { get; init; }

    /// <summary>Kind, 0 to <see cref="ProfileRules.Kinds"/> - 1.</summary>
    public required int Kind { get; init; }

    /// <summary>Event time, milliseconds since the Unix epoch.</summary>
    public required long TimeMs { get; init; }

    /// <summary>The product, if the event names one.</summary>
    public string? ProductId { get; init; }

    /// <summary>How much it says about taste; at 0 it leaves the history alone.</summary>
    public float Weight { get; init; }

    /// <summary>Money it brought.</summary>
    public decimal Revenue { get; init; }

    /// <summary>Whether the product was bought.</summary>
    public bool IsPurchase { get; init; }

    /// <summary>Whether the partition's watermark had passed the allowed lateness.</summary>
    public bool Late { get; init; }
}

/// <summary>All that is known of a user, as of the last applied offsets. For one thread.</summary>
/// <remarks>The properties are the state as it is persisted; change it with <see cref="Apply"/> only.</remarks>
public sealed class UserProfile
{
    private const byte Version = 1;

    /// <summary>What has been applied.</summary>
    public PartitionOffsets Offsets { get; set; } = new();

    /// <summary>Everything ever.</summary>
    public EventTotals Totals { get; set; } = new();

    /// <summary>The recent past.</summary>
    public SlidingWindow Window { get; set; } = new();

    /// <summary>The products.</summary>
    public ProductHistory History { get; set; } = new();

    /// <summary>Applies an event, unless its offset was applied before. Offsets of a partition come in ascending order.</summary>
    /// <returns>False when it was applied before, and nothing changed.</returns>
    /// <exception cref="ArgumentException">The event breaks a rule; nothing changed.</exception>
    public bool Apply(in UserProfileEvent e, ProfileRules rules)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(e.Partition);
        ArgumentOutOfRangeException.ThrowIfNegative(e.Offset);
        if (!Offsets.IsNew(e.Partition, e.Offset))
        {
            return false;
        }

        rules.UserWindow.ThrowUnlessValid(e.TimeMs, e.Kind);
        var hasTaste = e.Weight != 0 && e.ProductId is not null;
        if (hasTaste)
        {
            // The only part that can refuse what the line above lets pass, hence first.
            History.Add(e.ProductId!, e.Kind, e.Weight, e.TimeMs, e.IsPurchase, rules.History);
        }

        var late = e.Late || !Window.Add(rules.UserWindow, e.TimeMs, e.Kind, e.Revenue);
        Totals.Add(rules.Kinds, e.Kind, e.TimeMs, e.Revenue, late);
        Offsets.Set(e.Partition, e.Offset);
        return true;
    }

    /// <summary>The state in bytes.</summary>
    public byte[] Encode()
    {
        var writer = new StateWriter(Version, 256 + (24 * History.Entries.Count));
        Offsets.WriteTo(ref writer);
        Totals.WriteTo(ref writer);
        Window.WriteTo(ref writer);
        History.WriteTo(ref writer);
        return writer.Finish();
    }

    /// <summary>What <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a user's profile.</exception>
    public static UserProfile Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Version, "user profile");
        var profile = new UserProfile
        {
            Offsets = PartitionOffsets.ReadFrom(ref reader),
            Totals = EventTotals.ReadFrom(ref reader),
            Window = SlidingWindow.ReadFrom(ref reader),
            History = ProductHistory.ReadFrom(ref reader),
        };
        reader.End();
        return profile;
    }
}
