using Reco.Adapters.Postgres.Catalogue;

namespace Reco.Adapters.Tests.Postgres.Catalogue;

/// <summary>Against a small model of PostgreSQL: transactions that take a number, write times after it, and commit when they please.</summary>
public sealed class ChangeWatermarkTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    [Fact]
    public void Advance_NoOtherTransactions_ReadsAllTwiceThenFromTheReadingBeforeTheLast()
    {
        var watermark = new ChangeWatermark(Overlap);

        Assert.Null(watermark.Advance(Start, 10, 10));
        Assert.Null(watermark.Advance(Start.AddSeconds(1), 11, 11));
        Assert.Equal(Start - Overlap, watermark.Advance(Start.AddSeconds(2), 12, 12));
        Assert.Equal(Start.AddSeconds(1) - Overlap, watermark.Advance(Start.AddSeconds(3), 13, 13));
    }

    [Fact]
    public void Advance_TransactionRuns_StaysBeforeItsBeginning()
    {
        var watermark = new ChangeWatermark(Overlap);
        for (var i = 0; i < 3; i++)
        {
            watermark.Advance(Start.AddSeconds(i), (ulong)(10 + i), (ulong)(10 + i));
        }

        // Number 13 is another program's, and runs through the next thousand readings, and then some.
        for (var i = 3; i < 3_000; i++)
        {
            Assert.True(watermark.Advance(Start.AddSeconds(i), (ulong)(11 + i), 13) <= Start.AddSeconds(2));
        }

        watermark.Advance(Start.AddSeconds(3_000), 3_011, 3_011);
        Assert.True(watermark.Advance(Start.AddSeconds(3_001), 3_012, 3_012) >= Start.AddSeconds(2_900));
    }

    [Fact]
    public void Advance_TransactionOlderThanTheFirstReading_ReadsAllOnceMoreWhenItHasEnded()
    {
        var watermark = new ChangeWatermark(Overlap);
        Assert.Null(watermark.Advance(Start, 10, 4));
        Assert.Equal(Start - ChangeWatermark.BeforeFirst, watermark.Advance(Start.AddSeconds(1), 11, 4));
        Assert.Equal(Start - ChangeWatermark.BeforeFirst, watermark.Advance(Start.AddSeconds(2), 12, 4));
        Assert.Null(watermark.Advance(Start.AddSeconds(3), 13, 13));
        Assert.NotNull(watermark.Advance(Start.AddSeconds(4), 14, 14));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Advance_RandomTransactions_EveryReadingSeesAllThatIsCommitted(int seed)
    {
        var random = new Random(seed);
        var watermark = new ChangeWatermark(TimeSpan.Zero);
        var running = new Dictionary<ulong, List<(int Row, DateTimeOffset At)>>();
        var committed = new Dictionary<int, (ulong Version, DateTimeOffset At)>();
        var seen = new Dictionary<int, ulong>();
        var next = 100UL;
        var now = Start;
        for (var step = 0; step < 4_000; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(0, 40));
            switch (random.Next(4))
            {
                case 0:
                    running[next++] = [];
                    break;
                case 1 when running.Count > 0:
                    running.ElementAt(random.Next(running.Count)).Value.Add((random.Next(50), now));
                    break;
                case 2 when running.Count > 3:
                    var (ended, writes) = running.ElementAt(random.Next(running.Count));
                    running.Remove(ended);
                    foreach (var (row, at) in random.Next(5) == 0 ? [] : writes)
                    {
                        committed[row] = ((ulong)step, at);
                    }

                    break;
                case 3:
                    var own = next++;
                    var from = watermark.Advance(now, own, running.Keys.Append(own).Min());
                    foreach (var (row, (version, at)) in committed.Where(c => from is null || c.Value.At >= from))
                    {
                        seen[row] = version;
                    }

                    var isLimited = from == Start - ChangeWatermark.BeforeFirst;
                    Assert.True(isLimited || seen.Count == committed.Count && committed.All(c => seen[c.Key] == c.Value.Version), $"step {step}");
                    break;
            }
        }
    }
}
