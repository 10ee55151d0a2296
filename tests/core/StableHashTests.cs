using Reco.Core.Hashing;

namespace Reco.Core.Tests;

public sealed class StableHashTests
{
    [Fact]
    public void Of_KnownText_IsTheSameForever() =>
        Assert.Equal(7559783996257126788UL, StableHash.Of("user_000001"));

    [Fact]
    public void Bucket_ManyKeys_FillsEveryBucketEvenly()
    {
        var buckets = new int[64];
        for (var i = 0; i < 64_000; i++)
        {
            buckets[StableHash.Bucket($"user_{i:D6}", 64)]++;
        }

        Assert.All(buckets, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Bucket_NoBuckets_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StableHash.Bucket("a", 0));
}
