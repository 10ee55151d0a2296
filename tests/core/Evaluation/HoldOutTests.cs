using Reco.Core.Evaluation;

namespace Reco.Core.Tests.Evaluation;

public sealed class HoldOutTests
{
    [Fact]
    public void IsHeldOut_ManyPairs_HoldsOutTheFraction()
    {
        var holdOut = new HoldOut(0.1, protectedItems: 0);

        var held = Pairs().Count(pair => holdOut.IsHeldOut(pair.User, pair.Item, 0));

        // 40,000 draws at 0.1: standard deviation 60.
        Assert.InRange(held, 4000 - 300, 4000 + 300);
    }

    [Fact]
    public void IsHeldOut_KnownPairs_IsTheSameForever()
    {
        var holdOut = new HoldOut(0.1, protectedItems: 0);

        var items = Enumerable.Range(0, 60).Where(item => holdOut.IsHeldOut("user_1", $"item_{item}", 0));

        Assert.Equal([4, 33, 37, 52, 53], items);
    }

    [Fact]
    public void IsHeldOut_LargerFraction_KeepsWhatWasHeldOut()
    {
        var (small, large) = (new HoldOut(0.05, 0), new HoldOut(0.2, 0));

        Assert.All(
            Pairs().Where(pair => small.IsHeldOut(pair.User, pair.Item, 0)),
            pair => Assert.True(large.IsHeldOut(pair.User, pair.Item, 0)));
    }

    [Fact]
    public void IsHeldOut_FirstItemsOfAUser_AreAlwaysTrainedOn()
    {
        var holdOut = new HoldOut(0.5, protectedItems: 5);
        var pairs = Pairs().ToArray();

        Assert.DoesNotContain(pairs, pair => holdOut.IsHeldOut(pair.User, pair.Item, 4));
        Assert.Contains(pairs, pair => holdOut.IsHeldOut(pair.User, pair.Item, 5));
    }

    [Fact]
    public void IsHeldOut_HistoryGrows_NoTrainedPairBecomesHeldOut()
    {
        var holdOut = new HoldOut(0.3, protectedItems: 5);
        var trained = new HashSet<int>();
        for (var length = 1; length <= 50; length++)
        {
            for (var place = 0; place < length; place++)
            {
                if (holdOut.IsHeldOut("user", $"item_{place}", place))
                {
                    Assert.DoesNotContain(place, trained);
                }
                else
                {
                    trained.Add(place);
                }
            }
        }

        Assert.InRange(trained.Count, 5, 49);
    }

    [Fact]
    public void IsHeldOut_NoFraction_HoldsOutNothing() =>
        Assert.DoesNotContain(Pairs(), pair => new HoldOut(0, 0).IsHeldOut(pair.User, pair.Item, 0));

    [Theory]
    [InlineData(-0.1, 0)]
    [InlineData(0.6, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(0.1, -1)]
    public void Constructor_OutOfRange_Throws(double fraction, int protectedItems) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HoldOut(fraction, protectedItems));

    private static IEnumerable<(string User, string Item)> Pairs() =>
        from user in Enumerable.Range(0, 200) from item in Enumerable.Range(0, 200) select ($"user_{user}", $"item_{item}");
}
