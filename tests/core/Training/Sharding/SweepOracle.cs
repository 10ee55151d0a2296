using Reco.Core.Training.Sharding;

namespace Reco.Core.Tests.Training.Sharding;

/// <summary>Plays one sweep message by message, with sets and without counting tricks.</summary>
internal sealed class SweepOracle(int silos, IReadOnlyList<(int User, int Item)> pairs, SweepTraffic sizes, int steps)
{
    private readonly long[] _received = new long[silos];

    public long[] Play(ShardingScheme scheme)
    {
        var byUser = SiloGrid.ByUser(silos);
        var byItem = SiloGrid.ByItem(silos);
        var blocks = SiloGrid.Blocks(silos);
        switch (scheme)
        {
            case ShardingScheme.PulledRows:
                Pull(pairs.Select(p => (Id: p.Item, Home: byUser.HomeOfItem(p.Item), Place: Place(byUser, p))));
                Pull(pairs.Select(p => (Id: p.User, Home: byItem.HomeOfUser(p.User), Place: Place(byItem, p))));
                break;
            case ShardingScheme.ReducedSystems:
                Systems(pairs.Select(p => (Id: p.Item, Home: byUser.HomeOfItem(p.Item), Place: Place(byUser, p))));
                break;
            case ShardingScheme.ReducedProducts:
                Products(pairs.Select(p => (Id: p.Item, Home: byUser.HomeOfItem(p.Item), Place: Place(byUser, p))));
                break;
            case ShardingScheme.BlockSystems:
                Systems(pairs.Select(p => (Id: p.User, Home: blocks.HomeOfUser(p.User), Place: Place(blocks, p))));
                Systems(pairs.Select(p => (Id: p.Item, Home: blocks.HomeOfItem(p.Item), Place: Place(blocks, p))));
                break;
            case ShardingScheme.BlockProducts:
                Products(pairs.Select(p => (Id: p.User, Home: blocks.HomeOfUser(p.User), Place: Place(blocks, p))));
                Products(pairs.Select(p => (Id: p.Item, Home: blocks.HomeOfItem(p.Item), Place: Place(blocks, p))));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(scheme));
        }

        SumGramianAroundTheRing();
        SumGramianAroundTheRing();
        return _received;
    }

    private static int Place(SiloGrid grid, (int User, int Item) pair) =>
        grid.PlaceOf(grid.HomeOfUser(pair.User), grid.HomeOfItem(pair.Item));

    private void Send(int from, int to, long bytes) => _received[to] += from == to ? 0 : bytes;

    private void Pull(IEnumerable<(int Id, int Home, int Place)> uses)
    {
        foreach (var (_, home, place) in uses.Distinct())
        {
            Send(home, place, sizes.RowBytes);
        }
    }

    private void Systems(IEnumerable<(int Id, int Home, int Place)> uses)
    {
        foreach (var (_, home, place) in uses.Distinct())
        {
            Send(place, home, sizes.SystemBytes);
            Send(home, place, sizes.RowBytes);
        }
    }

    private void Products(IEnumerable<(int Id, int Home, int Place)> uses)
    {
        foreach (var (_, home, place) in uses.Distinct())
        {
            Send(place, home, sizes.RowBytes); // residual
            for (var step = 0; step < steps; step++)
            {
                Send(home, place, sizes.RowBytes); // direction
                Send(place, home, sizes.RowBytes); // product
            }

            Send(home, place, sizes.RowBytes); // solution
        }
    }

    /// <summary>Once round to sum, once round to tell, a piece at a time: silos - 1 pieces each.</summary>
    private void SumGramianAroundTheRing()
    {
        var pieces = 2 * (silos - 1);
        for (var silo = 0; silo < silos; silo++)
        {
            _received[silo] += pieces * sizes.GramianBytes / silos;
        }
    }
}
