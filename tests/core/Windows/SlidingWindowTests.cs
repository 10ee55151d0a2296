using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Reco.Core.Hashing;
using Reco.Core.Windows;

namespace Reco.Core.Tests.Windows;

public sealed class SlidingWindowTests
{
    private const long Minute = 60_000;
    private const long Noon = 1_767_614_400_000; // 2026-01-05 12:00 UTC, a multiple of the slide.
    private static readonly WindowShape Users = new(new WindowOptions(), kinds: 5, countUsers: true);
    private static readonly WindowShape Plain = new(new WindowOptions(), kinds: 5, countUsers: false);

    private static readonly Gen<Event> Events =
        from seconds in Gen.Choose(-45 * 60, 45 * 60)
        from kind in Gen.Choose(0, 4)
        from cents in Gen.Choose(0, 500)
        from user in Gen.Choose(0, 30)
        select new Event(Noon + (seconds * 1000L), kind, kind == 3 ? cents / 100m : 0m, StableHash.Of($"u{user}"));

    [Fact]
    public void Read_AnyEventsInAnyOrder_AgreesWithTheListOfEvents() => Seeded.Holds(Events, 60, events =>
    {
        var window = Fill(events, Users);
        foreach (var nowMs in events.Select(e => e.TimeMs).Append(Noon).Append(Noon + (40 * Minute)))
        {
            AssertSame(Oracle(events, Users, nowMs), window.Read(Users, nowMs));
        }
    });

    [Fact]
    public void Add_TheSameEventsInAnotherOrder_LeavesTheSameState() => Seeded.Holds(Events, 60, events =>
    {
        var shuffled = events.ToArray();
        new Random(events.Length).Shuffle(shuffled);

        Assert.Equal(Fill(events, Plain).Encode(), Fill(shuffled, Plain).Encode());
    });

    [Fact]
    public void Add_AnyEvent_IsRefusedExactlyWhenItsPaneHasLeft() => Seeded.Holds(Events, 60, events =>
    {
        var window = new SlidingWindow();
        var newest = long.MinValue;
        foreach (var e in events)
        {
            var pane = (long)Math.Floor(e.TimeMs / (5.0 * Minute));
            newest = Math.Max(newest, pane);
            Assert.Equal(pane > newest - 4, window.Add(Users, e.TimeMs, e.Kind, e.Revenue, e.User));
        }
    });

    [Fact]
    public void Decode_WhatEncodeWrote_ReadsTheSameAndGoesOnTheSame() => Seeded.Holds(Events, 60, events =>
    {
        foreach (var shape in new[] { Users, Plain })
        {
            var half = events.Length / 2;
            var window = Fill(events[..half], shape);
            var decoded = SlidingWindow.Decode(window.Encode());
            var parsed = JsonSerializer.Deserialize<SlidingWindow>(JsonSerializer.Serialize(window))!;
            foreach (var e in events[half..])
            {
                var taken = window.Add(shape, e.TimeMs, e.Kind, e.Revenue, e.User);
                Assert.Equal(taken, decoded.Add(shape, e.TimeMs, e.Kind, e.Revenue, e.User));
                Assert.Equal(taken, parsed.Add(shape, e.TimeMs, e.Kind, e.Revenue, e.User));
            }

            AssertSame(window.Read(shape, Noon), decoded.Read(shape, Noon));
            AssertSame(window.Read(shape, Noon), parsed.Read(shape, Noon));
            Assert.Equal(window.Encode().Length, decoded.Encode().Length);
        }
    });

    [Fact]
    public void Read_OnABoundary_BelongsToTheNextWindow()
    {
        var window = new SlidingWindow();
        window.Add(Plain, Noon - 1, 0, 0m);
        window.Add(Plain, Noon, 1, 0m);

        var before = window.Read(Plain, Noon - 1);
        var after = window.Read(Plain, Noon);

        Assert.Equal((Noon - (10 * Minute), Noon), (before.StartMs, before.EndMs));
        Assert.Equal([1, 0, 0, 0, 0], before.Counts);
        Assert.Equal((Noon - (5 * Minute), Noon + (5 * Minute)), (after.StartMs, after.EndMs));
        Assert.Equal([1, 1, 0, 0, 0], after.Counts);
    }

    [Fact]
    public void Read_IdleWindow_AgesOut()
    {
        var window = new SlidingWindow();
        window.Add(Users, Noon, 3, 9.99m, 1);

        Assert.Equal((1, 9.99m, 1L), Summary(window.Read(Users, Noon)));
        Assert.Equal((1, 9.99m, 1L), Summary(window.Read(Users, Noon + (10 * Minute) - 1)));
        Assert.Equal((0, 0m, 0L), Summary(window.Read(Users, Noon + (10 * Minute))));
    }

    [Fact]
    public void Read_BeforeAnyEvent_IsEmpty() => Assert.Equal((0, 0m, 0L), Summary(new SlidingWindow().Read(Users, Noon)));

    [Fact]
    public void Read_OtherSlideThanBefore_BeginsEmptyAndCountsAgain()
    {
        var window = Fill([new Event(Noon, 0, 0m, 1)], Users);
        var minutes = new WindowShape(new WindowOptions { Slide = TimeSpan.FromMinutes(1) }, kinds: 5, countUsers: true);

        Assert.Equal(0, window.Read(minutes, Noon).Counts.Sum());
        window.Add(minutes, Noon, 0, 0m, 2);
        Assert.Equal((1, 0m, 1L), Summary(window.Read(minutes, Noon)));
    }

    [Fact]
    public void Add_LongerWindowAndMoreKindsThanBefore_KeepsThePanes()
    {
        var window = Fill([new Event(Noon, 0, 0m, 1), new Event(Noon + (5 * Minute), 3, 2m, 2)], Users);
        var longer = new WindowShape(
            new WindowOptions { Length = TimeSpan.FromMinutes(30), AllowedLateness = TimeSpan.Zero }, kinds: 6, countUsers: true);

        window.Add(longer, Noon + (20 * Minute), 5, 0m, 3);

        var reading = window.Read(longer, Noon + (20 * Minute));
        Assert.Equal([1, 0, 0, 1, 0, 1], reading.Counts);
        Assert.Equal(3, reading.DistinctUsers);
    }

    [Theory]
    [InlineData(-1, 0L)]
    [InlineData(5, 0L)]
    [InlineData(0, WindowShape.TimeMsMin - 1)]
    [InlineData(0, WindowShape.TimeMsMax + 1)]
    public void Add_NoSuchKindOrTime_ThrowsAndCountsNothing(int kind, long timeMs)
    {
        var window = new SlidingWindow();

        Assert.Throws<ArgumentOutOfRangeException>(() => window.Add(Plain, timeMs, kind, 0m));
        Assert.Equal(0, window.SlideMs);
    }

    [Theory]
    [InlineData(WindowShape.TimeMsMin)]
    [InlineData(-1L)]
    [InlineData(WindowShape.TimeMsMax)]
    public void Add_EndsOfTheCalendar_AreCounted(long timeMs)
    {
        var window = new SlidingWindow();

        Assert.True(window.Add(Plain, timeMs, 0, 0m));

        Assert.Equal(1, SlidingWindow.Decode(window.Encode()).Read(Plain, timeMs).Counts[0]);
    }

    [Fact]
    public void Decode_DamagedBytes_SaysSo() => Damage.IsAlwaysFound(
        Fill([new Event(Noon, 0, 1.25m, 1), new Event(Noon + (9 * Minute), 3, 2m, 2)], Users).Encode(),
        bytes => SlidingWindow.Decode(bytes));

    private static SlidingWindow Fill(Event[] events, WindowShape shape)
    {
        var window = new SlidingWindow();
        foreach (var e in events)
        {
            window.Add(shape, e.TimeMs, e.Kind, e.Revenue, e.User);
        }

        return window;
    }

    /// <summary>The definition, over the list of all events: those in the window whose pane is one of the last four.</summary>
    private static WindowReading Oracle(Event[] events, WindowShape shape, long nowMs)
    {
        static long Pane(long timeMs) => (long)Math.Floor(timeMs / (5.0 * Minute));
        var end = (Pane(nowMs) + 1) * 5 * Minute;
        var newest = events.Length == 0 ? 0 : events.Max(e => Pane(e.TimeMs));
        var inside = events.Where(e => e.TimeMs >= end - (10 * Minute) && e.TimeMs < end && Pane(e.TimeMs) > newest - 4).ToArray();
        return new WindowReading
        {
            StartMs = end - (10 * Minute),
            EndMs = end,
            Counts = [.. Enumerable.Range(0, 5).Select(kind => (long)inside.Count(e => e.Kind == kind))],
            Revenue = inside.Sum(e => e.Revenue),
            DistinctUsers = shape.CountUsers ? inside.Select(e => e.User).Distinct().Count() : null,
        };
    }

    private static void AssertSame(WindowReading expected, WindowReading actual)
    {
        Assert.Equal(expected.Counts, actual.Counts);
        Assert.Equal(expected with { Counts = actual.Counts }, actual);
    }

    private static (long Events, decimal Revenue, long? Users) Summary(WindowReading reading) =>
        (reading.Counts.Sum(), reading.Revenue, reading.DistinctUsers);

    private sealed record Event(long TimeMs, int Kind, decimal Revenue, ulong User);
}
