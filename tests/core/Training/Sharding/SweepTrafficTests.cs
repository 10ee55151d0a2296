using Reco.Core.Training.Sharding;

namespace Reco.Core.Tests.Training.Sharding;

public sealed class SweepTrafficTests
{
    private const int Factors = 8;
    private const int Steps = 3;

    public static TheoryData<ShardingScheme, int> SchemesAndSilos => new MatrixTheoryData<ShardingScheme, int>(
        Enum.GetValues<ShardingScheme>(), [1, 2, 4, 6, 7, 16, 64]);

    [Theory]
    [MemberData(nameof(SchemesAndSilos))]
    public void ReceivedBySilo_RandomPairs_IsWhatPlayingTheSweepSends(ShardingScheme scheme, int silos)
    {
        var pairs = Pairs(users: 90, items: 40, seed: 7 + silos);
        var traffic = new SweepTraffic(Factors, Steps);

        var received = traffic.ReceivedBySilo(
            scheme, Count(SiloGrid.ByUser(silos), pairs), Count(SiloGrid.ByItem(silos), pairs), Count(SiloGrid.Blocks(silos), pairs));

        Assert.Equal(new SweepOracle(silos, pairs, traffic, Steps).Play(scheme), received);
        Assert.Equal(silos == 1, received.All(bytes => bytes == 0));
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(16, 4)]
    [InlineData(64, 8)]
    public void Counts_OneUserWithManyItems_GoesToNoMoreSilosThanTheGridAllows(int silos, int columns)
    {
        (int, int)[] pairs = [.. Enumerable.Range(0, 2_000).Select(item => (5, item))];
        var grid = new SiloGrid(silos, columns);

        // A user's pairs stay in one row of the grid, and 2,000 items leave no column of it empty.
        Assert.Equal(columns - 1, Count(grid, pairs).UserRowsLent.Sum());
    }

    [Fact]
    public void Counts_OfAnyGrid_HoldEveryPairOnceAndLendWhatIsNeeded()
    {
        var pairs = Pairs(users: 60, items: 30, seed: 3);
        foreach (var grid in new[] { SiloGrid.ByUser(6), SiloGrid.ByItem(6), SiloGrid.Blocks(6) })
        {
            var counts = Count(grid, pairs);
            Assert.Equal(pairs.Count, counts.Pairs.Sum());
            Assert.Equal(counts.UserRowsNeeded.Sum(), counts.UserRowsLent.Sum());
            Assert.Equal(counts.ItemRowsNeeded.Sum(), counts.ItemRowsLent.Sum());
        }

        Assert.Equal(0, Count(SiloGrid.ByUser(6), pairs).UserRowsNeeded.Sum());
        Assert.Equal(0, Count(SiloGrid.ByItem(6), pairs).ItemRowsNeeded.Sum());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    [InlineData(6, 2)]
    [InlineData(7, 1)]
    [InlineData(12, 3)]
    [InlineData(16, 4)]
    public void Blocks_AnyNumber_IsAsSquareAsItDivides(int silos, int columns) => Assert.Equal(columns, SiloGrid.Blocks(silos).Columns);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(65, 1)]
    [InlineData(4, 0)]
    [InlineData(4, 3)]
    [InlineData(4, 8)]
    public void SiloGrid_ThatCannotBe_Throws(int silos, int columns) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SiloGrid(silos, columns));

    [Fact]
    public void Sizes_Of64Factors_AreThoseOfFloat32RowsAndSymmetricSystems()
    {
        var traffic = new SweepTraffic(64, Steps);
        Assert.Equal(256, traffic.RowBytes);
        Assert.Equal(4 * (2_080 + 64), traffic.SystemBytes);
        Assert.Equal(8 * 2_080, traffic.GramianBytes);
    }

    private static RowNeedCounts Count(SiloGrid grid, IReadOnlyList<(int User, int Item)> pairs)
    {
        var needs = new RowNeeds(grid, pairs.Max(pair => pair.Item) + 1);
        foreach (var user in pairs.GroupBy(pair => pair.User))
        {
            needs.AddUser(user.Key, [.. user.Select(pair => pair.Item)]);
        }

        return needs.Counts();
    }

    private static List<(int User, int Item)> Pairs(int users, int items, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, users)
            .SelectMany(user => Enumerable.Range(0, random.Next(12)).Select(_ => (user, random.Next(items))))
            .Distinct()];
    }
}
