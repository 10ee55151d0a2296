using System.Text.Json;
using Reco.Core.Tests.Windows;
using Reco.Core.Trending;

namespace Reco.Core.Tests.Trending;

public sealed class TrendingBoardTests
{
    private const long Now = 1_767_614_400_000;
    private static readonly TrendingOptions Trending = new();
    private static readonly PopularityOptions Popularity = new();

    [Fact]
    public void Top_AnyBoard_IsTheFormulaSortedNaively()
    {
        var random = new Random(3);
        var rows = Rows(500, random);
        var board = BoardOf(rows);
        var (hs, hl) = (Trending.ShortHalfLife.TotalMinutes, Trending.BaselineHalfLife.TotalMinutes);
        var now = rows.Select(r => (
            Id: r.ProductId,
            S: r.Short * Math.Pow(0.5, Math.Max(0, Now - r.ReferenceTimeMs) / 60e3 / hs),
            L: r.Long * Math.Pow(0.5, Math.Max(0, Now - r.ReferenceTimeMs) / 60e3 / hl))).ToArray();
        var ratio = hs / (hl - hs);
        var usual = ratio * now.Sum(r => Math.Max(0, r.L - r.S));
        var prior = 400 / (20 + usual);
        var load = (now.Sum(r => r.S) + prior) / (usual + prior);
        var expected = now
            .Select(r => (r.Id, r.S, E: ratio * Math.Max(0, r.L - r.S) * load))
            .Where(r => r.S > r.E)
            .Select(r => (r.Id, Score: (r.S - r.E) / Math.Sqrt(r.E + (10 * Math.Max(1, load))) * r.S / (r.S + (10 * Math.Max(1, load)))))
            .Where(r => r.Score >= 0.5)
            .OrderByDescending(r => r.Score).ThenBy(r => r.Id, StringComparer.Ordinal)
            .Take(50).ToArray();

        var top = board.Top(Now, 50, Trending);

        Assert.Equal(50, expected.Length);
        Assert.Equal(expected.Select(r => r.Id), top.Select(r => r.ProductId));
        Assert.All(expected.Zip(top), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-9 * pair.First.Score));
        Assert.Equal(load, board.LoadAt(Now, Trending), 1e-9 * load);
    }

    [Fact]
    public void TopPopular_AnyBoard_IsTheDecayedSumSortedNaively()
    {
        var rows = Rows(300, new Random(5));

        var top = BoardOf(rows).TopPopular(Now, 300, Popularity);

        var expected = rows
            .Select(r => (r.ProductId, Score: r.Popularity * Math.Pow(0.5, Math.Max(0, Now - r.ReferenceTimeMs) / 86_400e3 / 7)))
            .Where(r => r.Score > 0)
            .OrderByDescending(r => r.Score).ThenBy(r => r.ProductId, StringComparer.Ordinal).ToArray();
        Assert.Equal(expected.Select(r => r.ProductId), top.Select(r => r.ProductId));
        Assert.All(expected.Zip(top), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-9 * pair.First.Score));
    }

    [Fact]
    public void Top_Ties_AreInOrderOfTheIdsWhateverTheLimit()
    {
        var board = BoardOf([.. new[] { "b", "d", "a", "c", "e" }.Select(id => Row(id, 50, 50, 7))]);

        for (var limit = 1; limit <= 6; limit++)
        {
            var first = new[] { "a", "b", "c", "d", "e" }.Take(limit);
            Assert.Equal(first, board.Top(Now, limit, Trending).Select(r => r.ProductId));
            Assert.Equal(first, board.TopPopular(Now, limit, Popularity).Select(r => r.ProductId));
        }
    }

    [Fact]
    public void Top_RowsReportedInAnotherOrder_IsTheSameToTheLastBit()
    {
        var rows = Rows(400, new Random(8));
        var shuffled = rows.ToArray();
        new Random(9).Shuffle(shuffled);

        Assert.Equal(BoardOf(rows).Top(Now, 100, Trending), BoardOf(shuffled).Top(Now, 100, Trending));
        Assert.Equal(BoardOf(rows).Encode(), BoardOf(shuffled).Encode());
    }

    [Fact]
    public void Top_WithAFilter_LeavesOthersOutButKeepsTheirLoad()
    {
        var board = BoardOf(Rows(100, new Random(2)));
        var all = board.Top(Now, 100, Trending);
        var odd = new Predicate<string>(id => (id[^1] - '0') % 2 == 1);

        Assert.Equal(all.Where(r => odd(r.ProductId)).Take(7), board.Top(Now, 7, Trending, odd));
        Assert.All(board.TopPopular(Now, 100, Popularity, odd), r => Assert.True(odd(r.ProductId)));
    }

    [Fact]
    public void Replace_TheSameRow_ChangesNothing()
    {
        var board = BoardOf(Rows(50, new Random(1)));
        var before = board.Encode();

        Assert.All(Rows(50, new Random(1)), row => Assert.False(board.Replace(row)));

        Assert.Equal(before, board.Encode());
    }

    [Fact]
    public void Replace_AnotherRow_TakesItsPlaceInTotalsAndRankings()
    {
        var board = BoardOf([Row("a", 50, 50, 5), Row("b", 60, 60, 4)]);

        Assert.True(board.Replace(Row("a", 90, 90, 1, 10)));

        Assert.Equal(["a", "b"], board.Top(Now, 10, Trending).Select(r => r.ProductId));
        Assert.Equal(["b", "a"], board.TopPopular(Now, 10, Popularity).Select(r => r.ProductId));
        var totals = board.Totals();
        Assert.Equal((2, 13m), (totals.Products, totals.Revenue));
        Assert.Equal([11, 2, 2, 2, 2], totals.Counts);
    }

    [Fact]
    public void Totals_EmptyBoard_AreZero()
    {
        var board = new TrendingBoard();

        Assert.Empty(board.Totals().Counts);
        Assert.Empty(board.Top(Now, 10, Trending));
        Assert.Empty(board.TopPopular(Now, 10, Popularity));
        Assert.Equal(1, board.LoadAt(Now, Trending));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a", -1)]
    [InlineData("a", double.NaN)]
    [InlineData("a", double.PositiveInfinity)]
    public void Replace_RowThatCannotBe_Throws(string id, double value)
    {
        var board = new TrendingBoard();

        Assert.ThrowsAny<ArgumentException>(() => board.Replace(Row(id, value, 1, 1)));
        Assert.ThrowsAny<ArgumentException>(() => board.Replace(Row(id, 1, value, id.Length == 0 ? 1 : value)));
        Assert.Empty(board.Rows);
    }

    [Fact]
    public void Top_NoLimit_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new TrendingBoard().Top(Now, 0, Trending));

    [Fact]
    public void Decode_WhatEncodeWrote_IsTheSameBoard()
    {
        var board = BoardOf([.. Rows(200, new Random(1)), Row("ü \ud800 lone", 1, 2, 3)]);
        var bytes = board.Encode();

        var decoded = TrendingBoard.Decode(bytes);
        var parsed = JsonSerializer.Deserialize<TrendingBoard>(JsonSerializer.Serialize(BoardOf(Rows(200, new Random(1)))))!;

        Assert.Equal(bytes, decoded.Encode());
        Assert.Equal(board.Top(Now, 300, Trending), decoded.Top(Now, 300, Trending));
        Assert.Equal(BoardOf(Rows(200, new Random(1))).Encode(), parsed.Encode());
        Assert.InRange(bytes.Length, 0, 201 * 60);
    }

    [Fact]
    public void Decode_DamagedBytes_SaysSo() =>
        Damage.IsAlwaysFound(BoardOf(Rows(5, new Random(1))).Encode(), bytes => TrendingBoard.Decode(bytes));

    private static TrendingBoard BoardOf(TrendingRow[] rows)
    {
        var board = new TrendingBoard();
        foreach (var row in rows)
        {
            board.Replace(row);
        }

        return board;
    }

    private static TrendingRow[] Rows(int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(i =>
        {
            var usual = random.NextDouble() * 3000;
            return new TrendingRow
            {
                ProductId = $"product {i}",
                ReferenceTimeMs = Now - random.Next(-60_000, 3_600_000),
                Short = Math.Min(usual, random.NextDouble() * random.NextDouble() * 300),
                Long = usual,
                Popularity = random.Next(0, 2000),
                Counts = [.. Enumerable.Range(0, 5).Select(_ => random.NextInt64(1_000_000))],
                Revenue = random.Next(0, 1_000_000) / 100m,
            };
        })];

    private static TrendingRow Row(string id, double now, double usual, double popularity, int firstCount = 1) => new()
    {
        ProductId = id,
        ReferenceTimeMs = Now,
        Short = now,
        Long = usual,
        Popularity = popularity,
        Counts = [firstCount, 1, 1, 1, 1],
        Revenue = 6.5m,
    };
}
