using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Reco.Core.Profiles;
using Reco.Core.Tests.Windows;

namespace Reco.Core.Tests.Profiles;

public sealed class ProductHistoryTests
{
    private static readonly float[] Weights = [1, 3, 4, 5];
    private static readonly HistoryOptions Small = new() { ProductsMax = 30, PurchasedMax = 20, EvictionHalfLife = TimeSpan.FromHours(6) };

    private static readonly Gen<Event> Events =
        from product in Gen.Choose(0, 60)
        from kind in Gen.Choose(0, 3)
        from minutes in Gen.Choose(0, 3000)
        select new Event($"product-{product}", kind, minutes * 60_000L);

    [Fact]
    public void Add_AnyEvents_AgreesWithTheNaiveHistory() => Seeded.Holds(Events, 400, events =>
    {
        var history = new ProductHistory();
        var naive = new Naive(Small);
        foreach (var e in events)
        {
            Add(history, e, Small);
            naive.Add(e);
        }

        Assert.Equal(naive.Sorted(), Sorted(history));
        Assert.All(Enumerable.Range(0, 60), i => Assert.Equal(naive.Bought.Contains($"product-{i}"), history.HasPurchased($"product-{i}")));
        Assert.All(Enumerable.Range(0, 60), i => Assert.Equal(naive.Items.ContainsKey($"product-{i}"), history.TryGet($"product-{i}", out _)));
    });

    [Fact]
    public void Decode_WhatEncodeWrote_IsTheSameAndGoesOnTheSame() => Seeded.Holds(Events, 200, events =>
    {
        var history = new ProductHistory();
        foreach (var e in events[..(events.Length / 2)])
        {
            Add(history, e, Small);
        }

        var bytes = history.Encode();
        var decoded = ProductHistory.Decode(bytes);
        var parsed = JsonSerializer.Deserialize<ProductHistory>(JsonSerializer.Serialize(history))!;
        Assert.Equal(bytes, decoded.Encode());
        foreach (var e in events[(events.Length / 2)..])
        {
            Add(history, e, Small);
            Add(decoded, e, Small);
            Add(parsed, e, Small);
        }

        Assert.Equal(history.Encode(), decoded.Encode());
        Assert.Equal(history.Encode(), parsed.Encode());
    });

    [Fact]
    public void Add_FullHistory_KeepsAtMostTheLimitAndAlwaysTheNewcomer()
    {
        var history = new ProductHistory();
        var options = new HistoryOptions();
        for (var i = 0; i < 2_000; i++)
        {
            history.Add($"p{i}", 3, 5, i * 1000L, isPurchase: true, options);
            Assert.True(history.TryGet($"p{i}", out _));
            Assert.InRange(history.Entries.Count, 1, 500);
        }

        Assert.Equal(Enumerable.Range(1500, 500).Select(i => $"p{i}").Order(StringComparer.Ordinal), history.Row().ProductIds.Order(StringComparer.Ordinal));
        Assert.True(history.HasPurchased("p0"));
    }

    [Fact]
    public void Add_TooManyPurchases_ForgetsTheOldest()
    {
        var history = new ProductHistory();
        for (var i = 0; i < 10_003; i++)
        {
            history.Add($"p{i}", 3, 5, i, isPurchase: true, new HistoryOptions());
        }

        Assert.Equal([false, false, false, true, true], new[] { 0, 1, 2, 3, 10_002 }.Select(i => history.HasPurchased($"p{i}")));
        Assert.Equal(10_000, history.Purchased.Hashes.Count);
        var decoded = ProductHistory.Decode(history.Encode());
        decoded.Add("again", 3, 5, 0, isPurchase: true, new HistoryOptions());
        Assert.Equal((false, true), (decoded.HasPurchased("p3"), decoded.HasPurchased("p4")));
    }

    [Fact]
    public void Add_LimitsLoweredAndRaised_KeepsTheNewest()
    {
        var history = new ProductHistory();
        void Buy(int from, int to, HistoryOptions options)
        {
            for (var i = from; i < to; i++)
            {
                history.Add($"p{i}", 3, 5, i, isPurchase: true, options);
            }
        }

        Buy(0, 100, new HistoryOptions { ProductsMax = 80, PurchasedMax = 90 });
        Buy(100, 101, new HistoryOptions { ProductsMax = 10, PurchasedMax = 20 });
        Assert.Equal((10, 20), (history.Entries.Count, history.Purchased.Hashes.Count));
        Buy(101, 130, new HistoryOptions { ProductsMax = 15, PurchasedMax = 25 });

        Assert.Equal(Enumerable.Range(115, 15).Select(i => $"p{i}"), history.Row().ProductIds.Order(StringComparer.Ordinal));
        Assert.All(Enumerable.Range(0, 130), i => Assert.Equal(i >= 105, history.HasPurchased($"p{i}")));
    }

    [Fact]
    public void Row_AfterSeveralEvents_SumsWeightsAndRemembersTheStrongest()
    {
        var history = new ProductHistory();
        Add(history, new Event("a", 0, 50), Small);
        Add(history, new Event("a", 2, 10), Small);
        Add(history, new Event("b", 1, 20), Small);

        var row = history.Row();
        Assert.Equal([("a", 5f), ("b", 3f)], row.ProductIds.Zip(row.Weights));
        Assert.True(history.TryGet("a", out var a));
        Assert.Equal((2, 50L, 2), (a.Events, a.LastEventMs, a.StrongestKind));
    }

    [Theory]
    [InlineData("", 0, 1)]
    [InlineData("a", -1, 1)]
    [InlineData("a", 32, 1)]
    [InlineData("a", 0, 0)]
    [InlineData("a", 0, -2)]
    [InlineData("a", 0, float.NaN)]
    [InlineData("a", 0, float.PositiveInfinity)]
    public void Add_WhatCannotBe_ThrowsAndChangesNothing(string product, int kind, float weight)
    {
        var history = new ProductHistory();

        Assert.ThrowsAny<ArgumentException>(() => history.Add(product, kind, weight, 0, isPurchase: true, Small));
        Assert.Empty(history.Entries);
        Assert.Empty(history.Purchased.Hashes);
    }

    [Fact]
    public void Decode_DamagedBytes_SaysSo()
    {
        var history = new ProductHistory();
        for (var i = 0; i < 15; i++)
        {
            history.Add($"ü {i}", i % 4, 1.5f * (i + 1), i * 1000, i % 4 == 3, Small);
            history.Add($"p{i}", i % 4, 2, i * 1000, i % 4 == 3, Small);
        }

        Damage.IsAlwaysFound(history.Encode(), bytes => ProductHistory.Decode(bytes));
    }

    [Fact]
    public void Validate_Options_NamesTheBrokenField()
    {
        Assert.Empty(Options.FaultyFields(new HistoryOptions()));
        Assert.Equal((500, 10_000), (new HistoryOptions().ProductsMax, new HistoryOptions().PurchasedMax));
        Assert.Equal(["ProductsMax"], Options.FaultyFields(new HistoryOptions { ProductsMax = 0 }));
        Assert.Equal(["PurchasedMax"], Options.FaultyFields(new HistoryOptions { PurchasedMax = 0 }));
        Assert.Equal(["EvictionHalfLife"], Options.FaultyFields(new HistoryOptions { EvictionHalfLife = TimeSpan.Zero }));
    }

    private static void Add(ProductHistory history, Event e, HistoryOptions options) =>
        history.Add(e.Product, e.Kind, Weights[e.Kind], e.TimeMs, e.Kind == 3, options);

    private static IEnumerable<(string, float, int, long, uint)> Sorted(ProductHistory history) => history.Entries
        .Select(e => (e.ProductId, e.Weight, e.Events, e.LastEventMs, e.Kinds)).OrderBy(e => e.ProductId, StringComparer.Ordinal);

    private sealed record Event(string Product, int Kind, long TimeMs);

    /// <summary>The stated policy, spelled out: weights decayed to one moment, sorted, the least one out.</summary>
    private sealed class Naive(HistoryOptions options)
    {
        public Dictionary<string, (float Weight, int Events, long LastMs, uint Kinds)> Items { get; } = new(StringComparer.Ordinal);

        public List<string> Bought { get; } = [];

        public void Add(Event e)
        {
            if (e.Kind == 3 && !Bought.Contains(e.Product))
            {
                Bought.Add(e.Product);
                if (Bought.Count > options.PurchasedMax)
                {
                    Bought.RemoveAt(0);
                }
            }

            if (!Items.ContainsKey(e.Product) && Items.Count == options.ProductsMax)
            {
                // Rounded, so that two weights that are equal on paper are a tie here too.
                var least = Items
                    .OrderBy(i => Math.Round(Math.Log2(i.Value.Weight) + (i.Value.LastMs / options.EvictionHalfLife.TotalMilliseconds), 12))
                    .ThenBy(i => i.Value.LastMs).ThenBy(i => i.Key, StringComparer.Ordinal).First();
                Items.Remove(least.Key);
            }

            var (weight, events, lastMs, kinds) = Items.GetValueOrDefault(e.Product);
            Items[e.Product] = (weight + Weights[e.Kind], events + 1, Math.Max(lastMs, e.TimeMs), kinds | (1u << e.Kind));
        }

        public IEnumerable<(string, float, int, long, uint)> Sorted() => Items
            .Select(i => (i.Key, i.Value.Weight, i.Value.Events, i.Value.LastMs, i.Value.Kinds)).OrderBy(i => i.Key, StringComparer.Ordinal);
    }
}
