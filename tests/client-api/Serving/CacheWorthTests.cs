using Reco.ClientApi.Serving;

namespace Reco.ClientApi.Tests.Serving;

public sealed class CacheWorthTests
{
    private readonly CacheWorth _worth = new();

    [Fact]
    public void IsWorthAsking_NothingKnownYet_IsTrue() => Assert.Equal(1_000, Asking(1_000));

    [Fact]
    public void IsWorthAsking_AFewMissesInARow_IsStillTrue()
    {
        Asked(hits: 0, misses: 100);
        Assert.Equal(1_000, Asking(1_000));
    }

    [Fact]
    public void IsWorthAsking_HardlyAHit_IsTrueForOneInSixteen()
    {
        Asked(hits: 0, misses: 1_000);
        Assert.Equal(100, Asking(1_600));
    }

    [Fact]
    public void IsWorthAsking_AQuarterHits_IsTrue()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Asked(hits: 1, misses: 3);
        }

        Assert.Equal(1_000, Asking(1_000));
    }

    [Fact]
    public void IsWorthAsking_TrialsHit_IsTrueAgain()
    {
        Asked(hits: 0, misses: 100_000);
        var requests = 0;
        while (Asking(64) < 64)
        {
            requests += 64;
            Asked(hits: 4, misses: 0); // The trials among 64.
        }

        Assert.InRange(requests, 64, 256);
    }

    private void Asked(int hits, int misses)
    {
        for (var i = 0; i < hits + misses; i++)
        {
            _worth.Asked(wasHit: i < hits);
        }
    }

    private int Asking(int requests) => Enumerable.Range(0, requests).Count(_ => _worth.IsWorthAsking());
}
