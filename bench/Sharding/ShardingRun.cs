using Reco.Core.Training.Sharding;

namespace Reco.Bench.Sharding;

/// <summary>Draws the pairs once and counts them on every grid of every number of silos.</summary>
internal sealed class ShardingRun(SkewedShop shop, int items, IReadOnlyList<int> silos)
{
    private const int UsersBetweenLooks = 4_096;

    private readonly (RowNeeds ByUser, RowNeeds ByItem, RowNeeds Blocks)[] _grids =
        [.. silos.Select(n => (new RowNeeds(SiloGrid.ByUser(n), items), new RowNeeds(SiloGrid.ByItem(n), items), new RowNeeds(SiloGrid.Blocks(n), items)))];

    private readonly int[] _pairsOfItem = new int[items];

    public long Interactions { get; private set; }

    public int Users => shop.Users;

    public int Items => items;

    /// <summary>Share of the pairs that the tenth of the items with most has.</summary>
    public double TopTenthOfPairs => Math.Round(
        _pairsOfItem.OrderDescending().Take(items / 10).Sum(pairs => (long)pairs) / (double)Interactions, 3);

    public void Draw(long interactions, CancellationToken cancellationToken)
    {
        while (Interactions < interactions)
        {
            if (shop.Users % UsersBetweenLooks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var drawn = shop.Next(interactions - Interactions);
            Interactions += drawn.Length;
            foreach (var item in drawn)
            {
                _pairsOfItem[item]++;
            }

            foreach (var (byUser, byItem, blocks) in _grids)
            {
                byUser.AddUser(shop.Users, drawn);
                byItem.AddUser(shop.Users, drawn);
                blocks.AddUser(shop.Users, drawn);
            }
        }
    }

    public IEnumerable<(RowNeedCounts ByUser, RowNeedCounts ByItem, RowNeedCounts Blocks)> Counts() =>
        _grids.Select(grid => (grid.ByUser.Counts(), grid.ByItem.Counts(), grid.Blocks.Counts()));
}
