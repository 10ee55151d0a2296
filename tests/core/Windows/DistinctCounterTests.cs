using System.Text.Json;
using FsCheck.Fluent;
using Reco.Core.Hashing;
using Reco.Core.Windows;

namespace Reco.Core.Tests.Windows;

public sealed class DistinctCounterTests
{
    [Fact]
    public void Estimate_FewHashes_IsTheSizeOfTheSet() =>
        Seeded.Holds(Gen.Choose(0, 300).Select(i => i == 0 ? 0UL : StableHash.Of($"user {i}")), 800, hashes =>
        {
            var counter = Of(hashes);

            Assert.True(counter.IsExact);
            Assert.Equal(hashes.Distinct().Count(), counter.Estimate());
        });

    [Theory]
    [InlineData(512, 0)]
    [InlineData(513, 0.05)]
    [InlineData(1_000, 0.05)]
    [InlineData(5_000, 0.05)]
    [InlineData(20_000, 0.05)]
    [InlineData(200_000, 0.05)]
    [InlineData(2_000_000, 0.05)]
    public void Estimate_ManyHashes_IsWithinThreeStandardErrors(int distinct, double relativeErrorMax)
    {
        var counter = new DistinctCounter();
        for (var i = 0; i < distinct; i++)
        {
            counter.Add(StableHash.Mix((ulong)i + 1));
        }

        Assert.InRange(counter.Estimate(), distinct * (1 - relativeErrorMax), distinct * (1 + relativeErrorMax));
    }

    [Fact]
    public void Estimate_OverManySets_HasTheStatedStandardErrorAndNoBias()
    {
        foreach (var distinct in new[] { 600, 3_000, 12_000, 40_000 })
        {
            var errors = new double[60];
            for (var set = 0; set < errors.Length; set++)
            {
                var counter = new DistinctCounter();
                for (var i = 0; i < distinct; i++)
                {
                    counter.Add(StableHash.Combine((ulong)set + 1, (ulong)i));
                }

                errors[set] = (counter.Estimate() - distinct) / (double)distinct;
            }

            // Of 60 sets: the mean is within 4 of its own standard errors (0.21%), the spread within a third of 1.6%.
            Assert.InRange(errors.Average(), -0.0085, 0.0085);
            Assert.InRange(Math.Sqrt(errors.Average(e => e * e)), 0, 0.0163 * 1.34);
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2_000)]
    public void Add_SeenBefore_ChangesNothing(int distinct)
    {
        var hashes = Hashes(distinct, from: 1);
        var counter = Of(hashes);
        var before = counter.Encode();

        foreach (var hash in hashes)
        {
            counter.Add(hash);
        }

        Assert.Equal(before, counter.Encode());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 200)]
    [InlineData(400, 300)]
    [InlineData(0, 3_000)]
    [InlineData(3_000, 0)]
    [InlineData(100, 3_000)]
    [InlineData(3_000, 100)]
    [InlineData(4_000, 5_000)]
    public void Merge_TwoCounters_IsTheCounterOfTheUnion(int left, int right)
    {
        // The two overlap by a tenth of the left one, and one hash is 0.
        ulong[] a = [0, .. Hashes(left, from: 1)];
        ulong[] b = [0, .. Hashes(right, from: 1 + (left * 9 / 10))];
        var merged = Of(a);

        merged.Merge(Of(b));

        var union = Of([.. a, .. b]);
        Assert.Equal(union.Estimate(), merged.Estimate());
        Assert.Equal(union.IsExact, merged.IsExact);
        Assert.Equal(union.Registers, merged.Registers);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    [InlineData(3_000)]
    public void Clear_AfterUse_CountsFromNothing(int distinct)
    {
        var counter = Of([0, .. Hashes(distinct, from: 1)]);

        counter.Clear();

        Assert.Equal(0, counter.Estimate());
        counter.Add(0);
        counter.Add(7);
        Assert.Equal(2, counter.Estimate());
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(1, 14)]
    [InlineData(512, 4_110)]
    [InlineData(513, 3_100)]
    [InlineData(100_000, 3_100)]
    public void Decode_WhatEncodeWrote_IsTheSameCounter(int distinct, int bytesMax)
    {
        var counter = Of(distinct == 0 ? [] : [0, .. Hashes(distinct - 1, from: 1)]);
        var bytes = counter.Encode();

        foreach (var copy in new[] { DistinctCounter.Decode(bytes), JsonSerializer.Deserialize<DistinctCounter>(JsonSerializer.Serialize(counter))! })
        {
            Assert.InRange(bytes.Length, 0, bytesMax);
            Assert.Equal((counter.IsExact, counter.Estimate()), (copy.IsExact, copy.Estimate()));
            Assert.Equal(counter.Registers, copy.Registers);
            copy.Merge(counter);
            Assert.Equal(counter.Estimate(), copy.Estimate());
        }
    }

    [Fact]
    public void Decode_DamagedBytes_SaysSo()
    {
        Damage.IsAlwaysFound(Of([0, .. Hashes(20, from: 1)]).Encode(), bytes => DistinctCounter.Decode(bytes));
        Damage.IsAlwaysFound(Of(Hashes(600, from: 1)).Encode(), bytes => DistinctCounter.Decode(bytes));
    }

    private static ulong[] Hashes(int count, int from) => [.. Enumerable.Range(from, count).Select(i => StableHash.Mix((ulong)i))];

    private static DistinctCounter Of(ulong[] hashes)
    {
        var counter = new DistinctCounter();
        foreach (var hash in hashes)
        {
            counter.Add(hash);
        }

        return counter;
    }
}
