using Reco.Core.Searching;
using Reco.Core.Windows;

namespace Reco.Core.Tests.Searching;

public sealed class QueryCounterTests
{
    private const long Minute = 60_000;
    private const long Start = 1_800_000_000_000 / (5 * Minute) * (5 * Minute);

    private static readonly WindowShape Shape = new(new WindowOptions(), kinds: 1, countUsers: false);

    [Theory]
    [InlineData("  Red \t SHOES ", "red shoes")]
    [InlineData("ÉCLAIR", "éclair")]
    [InlineData(" \n ", "")]
    public void Normalize_WhatShoppersType_IsOneForm(string text, string query) => Assert.Equal(query, QueryCounter.Normalize(text));

    [Fact]
    public void Read_RandomSearches_AreWhatCountingThemAgainSays()
    {
        var random = new Random(7);
        var counter = new QueryCounter(Shape);
        var all = new List<(string Query, long TimeMs)>();
        var newest = Start;
        for (var i = 0; i < 5_000; i++)
        {
            newest += random.Next(400);
            var search = ($"query {random.Next(20)}", newest - random.Next((int)(9 * Minute)));
            all.Add(search);
            counter.Add(search.Item1.ToUpperInvariant(), search.Item2, i);
            if (i % 500 == 0)
            {
                var end = ((newest / (5 * Minute)) + 1) * 5 * Minute;
                var expected = all.Where(one => one.TimeMs >= end - (10 * Minute) && one.TimeMs < end)
                    .GroupBy(one => one.Query).Select(same => new QueryCount(same.Key, same.Count()))
                    .OrderByDescending(one => one.Count).ThenBy(one => one.Query, StringComparer.Ordinal);
                Assert.Equal(expected, QueryCounter.Merge(counter.Read(newest, 100), Shape, newest, 100));
            }
        }
    }

    [Fact]
    public void Read_NothingSearchedFor_AgesOut()
    {
        var counter = new QueryCounter(Shape);
        counter.Add("lamp", Start, 3);
        Assert.Equal(3, counter.FirstOffset);
        Assert.Single(counter.Read(Start + (4 * Minute), 10));
        Assert.Empty(counter.Read(Start + (10 * Minute), 10));
        Assert.Empty(counter.Read(Start + (60 * Minute), 10));
        Assert.Null(counter.FirstOffset);
    }

    [Fact]
    public void Add_TooLateOrBlank_IsNotCounted()
    {
        var counter = new QueryCounter(Shape);
        counter.Add("lamp", Start, 0);
        counter.Add("desk", Start - (20 * Minute), 1);
        counter.Add(" ", Start, 2);
        Assert.Equal([new QueryCount("lamp", 1)], QueryCounter.Merge(counter.Read(Start, 10), Shape, Start, 10));
    }

    [Fact]
    public void FirstOffset_OfAWindow_IsWhereItCanBeCountedAgainFrom()
    {
        var searches = Enumerable.Range(0, 200).Select(i => ($"q{i % 7}", TimeMs: Start + (i * Minute / 2) - (i % 5 * Minute), Offset: (long)i)).ToArray();
        var counter = new QueryCounter(Shape);
        Array.ForEach(searches, search => counter.Add(search.Item1, search.TimeMs, search.Offset));
        var now = searches.Max(search => search.TimeMs);
        var expected = QueryCounter.Merge(counter.Read(now, 100), Shape, now, 100);
        var again = new QueryCounter(Shape);
        foreach (var search in searches.Where(search => search.Offset >= counter.FirstOffset))
        {
            again.Add(search.Item1, search.TimeMs, search.Offset);
        }

        Assert.InRange(counter.FirstOffset!.Value, 100, 199);
        Assert.Equal(expected, QueryCounter.Merge(again.Read(now, 100), Shape, now, 100));
    }

    [Fact]
    public void Add_MoreQueriesThanAPaneKeeps_CountsTheKnownOnesAndSaysHowManyWereLeftOut()
    {
        var counter = new QueryCounter(Shape);
        for (var i = 0; i < QueryCounter.QueriesPerPaneMax + 5; i++)
        {
            counter.Add($"q{i}", Start, i);
        }

        counter.Add("q0", Start, 1_000_000);
        Assert.Equal(5, counter.LeftOut);
        Assert.Equal(new QueryCount("q0", 2), QueryCounter.Merge(counter.Read(Start, 10), Shape, Start, 1).Single());
    }
}
