using Reco.Core.Als;

namespace Reco.Core.Tests.Als;

public sealed class InteractionMatrixTests
{
    [Fact]
    public void Build_ThreeRows_KeepsRowsAndTheirTranspose()
    {
        var matrix = SampleData.Of(4, [new(2, 5), new(0, 1)], [], [new(2, 3)]);

        Assert.Equal((3, 4, 3), (matrix.Users, matrix.Items, matrix.Interactions));
        Assert.Equal([2, 0], matrix.ItemsOf(0));
        Assert.Equal([5f, 1f], matrix.WeightsOf(0));
        Assert.Empty(matrix.ItemsOf(1).ToArray());
        Assert.Equal([0], matrix.UsersOf(0));
        Assert.Equal([0, 2], matrix.UsersOf(2));
        Assert.Empty(matrix.UsersOf(1).ToArray());
        Assert.Equal([5f, 3f], matrix.ByItem.ValuesOf(2));
    }

    [Fact]
    public void Build_RandomRows_TransposeHoldsTheSameEntries()
    {
        var matrix = SampleData.Random(users: 60, items: 45, density: 0.2, seed: 8);

        var byUser = new HashSet<(int User, int Item, float Weight)>();
        var byItem = new HashSet<(int User, int Item, float Weight)>();
        for (var user = 0; user < matrix.Users; user++)
        {
            byUser.UnionWith(SampleData.Row(matrix, user).Select(entry => (user, entry.Item, entry.Weight)));
        }

        for (var item = 0; item < matrix.Items; item++)
        {
            var weights = matrix.ByItem.ValuesOf(item).ToArray();
            byItem.UnionWith(matrix.UsersOf(item).ToArray().Zip(weights, (user, weight) => (user, item, weight)));
        }

        Assert.Equal(matrix.Interactions, byUser.Count);
        Assert.True(byUser.SetEquals(byItem));
    }

    [Theory]
    [InlineData(-1, 1f, "not 0 to 3")]
    [InlineData(4, 1f, "not 0 to 3")]
    [InlineData(1, 0f, "weight")]
    [InlineData(1, -2f, "weight")]
    [InlineData(1, float.NaN, "weight")]
    [InlineData(1, float.PositiveInfinity, "weight")]
    [InlineData(0, 1f, "twice")]
    public void AddRow_BrokenEntry_ThrowsAndAddsNothing(int item, float weight, string message)
    {
        var builder = new InteractionMatrixBuilder(4);
        builder.AddRow([new(0, 1)]);

        var error = Assert.Throws<ArgumentException>(() => builder.AddRow([new(0, 1), new(item, weight)]));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, builder.AddRow([new(0, 2)]));
        Assert.Equal(2, builder.Build().Interactions);
    }

    [Fact]
    public void Build_AndAddMore_LeavesTheFirstMatrixAlone()
    {
        var builder = new InteractionMatrixBuilder(2);
        builder.AddRow([new(0, 1)]);
        var first = builder.Build();

        builder.AddRow([new(1, 1)]);

        Assert.Equal(1, first.Users);
        Assert.Equal(2, builder.Build().Users);
    }
}
