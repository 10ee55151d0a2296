using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Reco.Core.Hashing;
using Reco.Core.Profiles;
using Reco.Core.Tests.Windows;
using Reco.Core.Windows;

namespace Reco.Core.Tests.Profiles;

public sealed class ProfileTests
{
    private const long Start = 1_767_614_400_000;
    private static readonly float[] Weights = [1, 3, 4, 5, 0];
    private static readonly ProfileRules Rules = new(new(), new(), new(), new(), kinds: 5);

    private static readonly Gen<Record> Records =
        from partition in Gen.Choose(0, 3)
        from kind in Gen.Choose(0, 4)
        from product in Gen.Choose(0, 40)
        from second in Gen.Choose(0, 3000)
        from cents in Gen.Choose(0, 9999)
        from late in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from replay in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(1, 40)))
        select new Record(partition, kind, product, Start + (second * 1000L), cents / 100m, late, replay);

    [Fact]
    public void Apply_AnyUserEventsWithReplaysAndRestarts_IsAPlainFold() => Seeded.Holds(Records, 150, records =>
    {
        var profile = new UserProfile();
        foreach (var (record, offset, isNew) in Deliveries(records))
        {
            profile = record.Replay == 7 ? UserProfile.Decode(profile.Encode()) : profile;
            Assert.Equal(isNew, profile.Apply(UserEvent(record, offset), Rules));
        }

        AssertTotals(records, profile.Totals, profile.Offsets);
        AssertWindow(records, profile.Window.Read(Rules.UserWindow, Newest(records)));
        var tastes = records.Where(r => r.Kind != 4).GroupBy(r => r.Product).ToDictionary(g => $"p{g.Key}", g => g.Sum(r => Weights[r.Kind]));
        Assert.Equal(tastes.OrderBy(t => t.Key), profile.History.Entries.Select(e => KeyValuePair.Create(e.ProductId, e.Weight)).OrderBy(e => e.Key));
        Assert.All(records, r => Assert.Equal(
            records.Any(o => o.Kind == 3 && o.Product == r.Product), profile.History.HasPurchased($"p{r.Product}")));
    });

    [Fact]
    public void Apply_AnyProductEventsWithReplaysAndRestarts_IsAPlainFold() => Seeded.Holds(Records, 150, records =>
    {
        var profile = new ProductProfile();
        foreach (var (record, offset, isNew) in Deliveries(records))
        {
            profile = record.Replay == 7 ? ProductProfile.Decode(profile.Encode()) : profile;
            Assert.Equal(isNew, profile.Apply(ProductEvent(record, offset), Rules));
        }

        AssertTotals(records, profile.Totals, profile.Offsets);
        var reading = profile.Window.Read(Rules.ProductWindow, Newest(records));
        AssertWindow(records, reading);
        Assert.Equal(InWindow(records).Select(r => r.Product).Distinct().Count(), reading.DistinctUsers);
        var row = profile.Report("p", Rules);
        AssertDecayed(records, row.Short, TimeSpan.FromMinutes(10));
        AssertDecayed(records, row.Long, TimeSpan.FromHours(24));
        AssertDecayed(records, row.Popularity, TimeSpan.FromDays(7));
        Assert.Equal((profile.Totals.Revenue, profile.Totals.LastEventMs), (row.Revenue, row.ReferenceTimeMs));
        Assert.Equal(profile.Totals.Counts, row.Counts);
    });

    [Fact]
    public void Encode_ThenDecodeOrThroughJson_IsTheSame() => Seeded.Holds(Records, 100, records =>
    {
        var user = new UserProfile();
        var product = new ProductProfile();
        foreach (var (record, offset, _) in Deliveries(records))
        {
            user.Apply(UserEvent(record, offset), Rules);
            product.Apply(ProductEvent(record, offset), Rules);
        }

        var userBytes = user.Encode();
        var productBytes = product.Encode();
        Assert.Equal(userBytes, UserProfile.Decode(userBytes).Encode());
        Assert.Equal(userBytes, JsonSerializer.Deserialize<UserProfile>(JsonSerializer.Serialize(user))!.Encode());
        Assert.Equal(productBytes.Length, ProductProfile.Decode(productBytes).Encode().Length);
        Assert.Equal(productBytes, JsonSerializer.Deserialize<ProductProfile>(JsonSerializer.Serialize(product))!.Encode());
    });

    [Fact]
    public void Encode_UserWithAHundredProducts_IsSmall()
    {
        var user = new UserProfile();
        for (var i = 0; i < 100; i++)
        {
            user.Apply(UserEvent(new Record(0, i % 4, i, Start + (i * 60_000L), 1.5m, false, 0), i), Rules);
        }

        Assert.InRange(user.Encode().Length, 500, 2_000);
    }

    [Theory]
    [InlineData(-1, 0, 0, Start, 1)]
    [InlineData(0, -1, 0, Start, 1)]
    [InlineData(0, 0, 5, Start, 1)]
    [InlineData(0, 0, -1, Start, 1)]
    [InlineData(0, 0, 0, long.MaxValue, 1)]
    [InlineData(0, 0, 0, Start, -1)]
    [InlineData(0, 0, 0, Start, float.NaN)]
    public void Apply_EventThatBreaksARule_ThrowsAndChangesNothing(int partition, long offset, int kind, long timeMs, float weight)
    {
        var user = new UserProfile();
        var product = new ProductProfile();
        var (userBefore, productBefore) = (user.Encode(), product.Encode());

        Assert.ThrowsAny<ArgumentException>(() => user.Apply(
            new() { Partition = partition, Offset = offset, Kind = kind, TimeMs = timeMs, ProductId = "p", Weight = weight, IsPurchase = true }, Rules));
        Assert.ThrowsAny<ArgumentException>(() => product.Apply(
            new() { Partition = partition, Offset = offset, Kind = kind, TimeMs = timeMs, UserHash = 1, Weight = weight }, Rules));
        Assert.Equal(userBefore, user.Encode());
        Assert.Equal(productBefore, product.Encode());
    }

    [Fact]
    public void Apply_KnownProducts_AllocatesNothing()
    {
        var user = new UserProfile();
        var product = new ProductProfile();
        void Apply(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                user.Apply(new() { Partition = 0, Offset = i, Kind = i % 4, TimeMs = Start + i, ProductId = Ids[i % Ids.Length], Weight = 1 }, Rules);
                product.Apply(new() { Partition = i % 8, Offset = i, Kind = i % 4, TimeMs = Start + i, UserHash = (ulong)(i % 300) << 40, Weight = 1 }, Rules);
            }
        }

        Apply(0, 2_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Apply(2_000, 12_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Decode_DamagedBytes_SaysSo()
    {
        var user = new UserProfile();
        var product = new ProductProfile();
        var totals = new EventTotals();
        for (var i = 0; i < 20; i++)
        {
            var record = new Record(i % 3, i % 5, i % 7, Start + (i * 40_000L), 1.25m, i == 5, 0);
            user.Apply(UserEvent(record, i), Rules);
            product.Apply(ProductEvent(record, i), Rules);
            totals.Add(5, record.Kind, record.TimeMs, 79_228_162_514_264.33m, late: false);
        }

        Damage.IsAlwaysFound(user.Encode(), bytes => UserProfile.Decode(bytes));
        Damage.IsAlwaysFound(product.Encode(), bytes => ProductProfile.Decode(bytes));
        Damage.IsAlwaysFound(totals.Encode(), bytes => EventTotals.Decode(bytes));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1.500")]
    [InlineData("-0.01")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("-7.9228162514264337593543950335")]
    public void Encode_AnyDecimal_IsExactWithItsScale(string text)
    {
        var revenue = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var decoded = EventTotals.Decode(new EventTotals { Revenue = revenue, FirstEventMs = long.MinValue, LastEventMs = long.MaxValue }.Encode());

        Assert.Equal(decimal.GetBits(revenue), decimal.GetBits(decoded.Revenue));
        Assert.Equal((long.MinValue, long.MaxValue), (decoded.FirstEventMs, decoded.LastEventMs));
    }

    [Fact]
    public void Rules_BrokenOptions_Throw()
    {
        Assert.Throws<ValidationException>(() => new ProfileRules(new() { Slide = TimeSpan.FromMinutes(3) }, new(), new(), new(), 5));
        Assert.Throws<ValidationException>(() => new ProfileRules(new(), new() { ScoreMin = 0 }, new(), new(), 5));
        Assert.Throws<ValidationException>(() => new ProfileRules(new(), new(), new() { HalfLife = TimeSpan.Zero }, new(), 5));
        Assert.Throws<ValidationException>(() => new ProfileRules(new(), new(), new(), new() { ProductsMax = 0 }, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProfileRules(new(), new(), new(), new(), 0));
    }

    private static readonly string[] Ids = [.. Enumerable.Range(0, 100).Select(i => $"p{i}")];

    /// <summary>The records at offsets 0, 1, ... of their partitions, some followed by a replay of the partition's last few.</summary>
    private static IEnumerable<(Record Record, long Offset, bool IsNew)> Deliveries(Record[] records)
    {
        var log = new List<Record>[] { [], [], [], [] };
        foreach (var record in records)
        {
            var partition = log[record.Partition];
            partition.Add(record);
            yield return (record, partition.Count - 1, true);
            for (var offset = Math.Max(0, partition.Count - record.Replay); offset < partition.Count && record.Replay > 0; offset++)
            {
                yield return (partition[offset], offset, false);
            }
        }
    }

    private static UserProfileEvent UserEvent(Record r, long offset) => new()
    {
        Partition = r.Partition,
        Offset = offset,
        Kind = r.Kind,
        TimeMs = r.TimeMs,
        ProductId = r.Kind == 4 ? null : $"p{r.Product}",
        Weight = Weights[r.Kind],
        Revenue = r.Revenue,
        IsPurchase = r.Kind == 3,
        Late = r.Late,
    };

    private static ProductProfileEvent ProductEvent(Record r, long offset) => new()
    {
        Partition = r.Partition,
        Offset = offset,
        Kind = r.Kind,
        TimeMs = r.TimeMs,
        UserHash = StableHash.Of($"user {r.Product}"),
        Weight = Weights[r.Kind],
        Revenue = r.Revenue,
        Late = r.Late,
    };

    private static long Newest(Record[] records) => records.Length == 0 ? Start : records.Max(r => r.TimeMs);

    private static IEnumerable<Record> InWindow(Record[] records)
    {
        var end = ((Newest(records) / 300_000) + 1) * 300_000;
        return records.Where(r => !r.Late && r.TimeMs >= end - 600_000);
    }

    private static void AssertWindow(Record[] records, WindowReading reading)
    {
        Assert.Equal(Enumerable.Range(0, 5).Select(kind => InWindow(records).LongCount(r => r.Kind == kind)), reading.Counts);
        Assert.Equal(InWindow(records).Sum(r => r.Revenue), reading.Revenue);
    }

    private static void AssertTotals(Record[] records, EventTotals totals, PartitionOffsets offsets)
    {
        Assert.All(Enumerable.Range(0, 4), p => Assert.Equal(records.Count(r => r.Partition == p) - 1, offsets.Last(p)));
        Assert.Equal(records.Length, totals.Events);
        Assert.Equal(records.Sum(r => r.Revenue), totals.Revenue);
        if (records.Length > 0)
        {
            Assert.Equal(Enumerable.Range(0, 5).Select(kind => records.LongCount(r => r.Kind == kind)), totals.Counts);
            Assert.Equal((records.Min(r => r.TimeMs), records.Max(r => r.TimeMs)), (totals.FirstEventMs, totals.LastEventMs));
        }

        var (late, newest) = (0, long.MinValue);
        foreach (var record in records)
        {
            var pane = record.TimeMs / 300_000;
            newest = record.Late ? newest : Math.Max(newest, pane);
            late += record.Late || pane <= newest - 4 ? 1 : 0;
        }

        Assert.Equal(late, totals.Late);
    }

    private static void AssertDecayed(Record[] records, double actual, TimeSpan halfLife)
    {
        var direct = records.Sum(r => Weights[r.Kind] * Math.Pow(0.5, (Newest(records) - r.TimeMs) / halfLife.TotalMilliseconds));
        Assert.Equal(direct, actual, 1e-9 * (1 + direct));
    }

    private sealed record Record(int Partition, int Kind, int Product, long TimeMs, decimal Revenue, bool Late, int Replay);
}
