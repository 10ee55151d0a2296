using Reco.Adapters.Postgres.Seeding;

namespace Reco.Adapters.Tests.Postgres.Seeding;

public sealed class WeightedChoiceTests
{
    [Fact]
    public void Draw_Weights_ComeInTheirShares()
    {
        var choice = new WeightedChoice([1, 0, 3, 6]);
        var random = new SeedingRandom(1);
        var drawn = new int[4];
        for (var i = 0; i < 100_000; i++)
        {
            drawn[choice.Draw(ref random)]++;
        }

        Assert.Equal(0, drawn[1]);
        Assert.InRange(drawn[0], 9_500, 10_500);
        Assert.InRange(drawn[2], 29_000, 31_000);
        Assert.InRange(drawn[3], 59_000, 61_000);
    }

    [Fact]
    public void Create_NoWeights_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new WeightedChoice([]));
}
