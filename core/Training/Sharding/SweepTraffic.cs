namespace Reco.Core.Training.Sharding;

/// <summary>A way to spread one ALS sweep (users given items, then items given users) over silos.</summary>
public enum ShardingScheme
{
    /// <summary>
    /// Pairs are kept twice, by user and by item; each half-sweep pulls the factor rows that a silo's pairs need. Exact: every row is solved whole, in
    /// one place.
    /// </summary>
    PulledRows,

    /// <summary>
    /// Pairs by user, items copied where they occur. Users are solved where they are; for items each silo sends its part of the normal equations (matrix
    /// and right-hand side) to the item's home. Exact but for the order of additions.
    /// </summary>
    ReducedSystems,

    /// <summary>
    /// As <see cref="ReducedSystems"/>, but items are solved by a few steps of conjugate gradient, so that only vectors travel. Approximate.
    /// </summary>
    ReducedProducts,

    /// <summary>Pairs in blocks; in either half the parts of the normal equations travel. Exact but for the order of additions.</summary>
    BlockSystems,

    /// <summary>Pairs in blocks; both halves by conjugate gradient. Approximate.</summary>
    BlockProducts,
}

/// <summary>Bytes that each silo receives in one sweep, from the counts of <see cref="RowNeeds"/>.</summary>
public sealed class SweepTraffic
{
    private readonly int _factors;
    private readonly int _steps;

    /// <summary>For rows of so many float32 factors, and so many steps of conjugate gradient where a scheme has them.</summary>
    public SweepTraffic(int factors, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factors);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        (_factors, _steps) = (factors, steps);
    }

    /// <summary>A factor row.</summary>
    public long RowBytes => sizeof(float) * (long)_factors;

    /// <summary>One silo's part of a row's normal equations: the matrix, which is symmetric, and the right-hand side.</summary>
    public long SystemBytes => sizeof(float) * (((long)_factors * (_factors + 1) / 2) + _factors);

    /// <summary>A side's Gramian: symmetric, in double precision, as the k^2 sums run over every row.</summary>
    public long GramianBytes => sizeof(double) * ((long)_factors * (_factors + 1) / 2);

    /// <summary>
    /// By silo. <paramref name="byUser"/>, <paramref name="byItem"/> and <paramref name="blocks"/> are the counts of the same pairs on
    /// <see cref="SiloGrid.ByUser"/>, <see cref="SiloGrid.ByItem"/> and <see cref="SiloGrid.Blocks"/>.
    /// </summary>
    public long[] ReceivedBySilo(ShardingScheme scheme, RowNeedCounts byUser, RowNeedCounts byItem, RowNeedCounts blocks)
    {
        var silos = byUser.Pairs.Count;
        var received = new long[silos];
        for (var silo = 0; silo < silos; silo++)
        {
            received[silo] = AllReduces(silos) + scheme switch
            {
                ShardingScheme.PulledRows => RowBytes * (byUser.ItemRowsNeeded[silo] + byItem.UserRowsNeeded[silo]),
                ShardingScheme.ReducedSystems => BySystems(byUser.ItemRowsNeeded[silo], byUser.ItemRowsLent[silo]),
                ShardingScheme.ReducedProducts => ByProducts(byUser.ItemRowsNeeded[silo], byUser.ItemRowsLent[silo]),
                ShardingScheme.BlockSystems =>
                    BySystems(blocks.UserRowsNeeded[silo], blocks.UserRowsLent[silo]) + BySystems(blocks.ItemRowsNeeded[silo], blocks.ItemRowsLent[silo]),
                ShardingScheme.BlockProducts =>
                    ByProducts(blocks.UserRowsNeeded[silo], blocks.UserRowsLent[silo]) + ByProducts(blocks.ItemRowsNeeded[silo], blocks.ItemRowsLent[silo]),
                _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "is no scheme"),
            };
        }

        return received;
    }

    /// <summary>Both sides' Gramians, each summed over the silos by a ring: 2 (n - 1) / n of it comes in at every silo.</summary>
    private long AllReduces(int silos) => 2 * (2 * GramianBytes * (silos - 1) / silos);

    /// <summary>The home takes a part from each silo that has one; the solved row goes back to those.</summary>
    private long BySystems(long needed, long lent) => (lent * SystemBytes) + (needed * RowBytes);

    /// <summary>
    /// The first residual goes up, then each step's direction comes down and its product goes up, and the solved row comes down. What the copies start
    /// from they have from the sweep before.
    /// </summary>
    private long ByProducts(long needed, long lent) => RowBytes * (_steps + 1) * (needed + lent);
}
