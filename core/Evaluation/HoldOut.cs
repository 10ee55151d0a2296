using Reco.Core.Hashing;

namespace Reco.Core.Evaluation;

/// <summary>
/// Which user-item pairs no model ever trains on, so that old and new versions can be compared on them. A pair's lot depends on a stable
/// hash of both ids alone: it is the same for every version, in every process, and does not move when other events arrive.
/// </summary>
/// <remarks>
/// A user's first few items are never held out. This goes by each item's place, the number of items that the user had before it, and not
/// by how many the user has now: by today's count, a pair that an earlier version trained on would become held out as soon as the user's
/// history grew past the minimum, and the earlier version would be judged on what it had seen. So rows must list items in the order of
/// the first interaction.
/// </remarks>
public sealed class HoldOut
{
    private readonly ulong _threshold;

    /// <summary>
    /// Holds out a <paramref name="fraction"/> (0 to 0.5) of the pairs, but none of a user's first <paramref name="protectedItems"/> items.
    /// </summary>
    public HoldOut(double fraction, int protectedItems)
    {
        if (!(fraction is >= 0 and <= 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The held-out fraction must be 0 to 0.5.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(protectedItems);
        Fraction = fraction;
        ProtectedItems = protectedItems;
        _threshold = (ulong)(fraction * Math.Pow(2, 64));
    }

    /// <summary>The share of pairs held out.</summary>
    public double Fraction { get; }

    /// <summary>
    /// The number of a user's first items that are always trained on: users with no more items than this are never held out from.
    /// </summary>
    public int ProtectedItems { get; }

    /// <summary>Whether the pair is held out.</summary>
    /// <param name="userHash"><see cref="StableHash.Of"/> the user's id.</param>
    /// <param name="itemHash"><see cref="StableHash.Of"/> the item's id.</param>
    /// <param name="place">How many items the user had before this one.</param>
    public bool IsHeldOut(ulong userHash, ulong itemHash, int place) =>
        place >= ProtectedItems && StableHash.Combine(userHash, itemHash) < _threshold;

    /// <summary>Whether the pair is held out.</summary>
    public bool IsHeldOut(string userId, string itemId, int place) => IsHeldOut(StableHash.Of(userId), StableHash.Of(itemId), place);
}
