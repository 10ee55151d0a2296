using Reco.GrainInterfaces;
using Reco.Silo.Ingest;

namespace Reco.Silo.Tests.Ingest;

public sealed class EventBatchTests
{
    private readonly EventBatch _batch = new();
    private readonly SentOffsets _sent = new();

    [Fact]
    public void UserSlices_InterleavedUsers_OneSliceEachInLogOrder()
    {
        _batch.Add(Events.View("1", "ann", "cup"), 10, late: false);
        _batch.Add(Events.View("2", "bob", "pot", minutes: -30), 11, late: true);
        _batch.Add(Events.Purchase("3", "ann", "pot", 2, 1.25m), 13, late: false);
        _batch.Add(Events.Search("4", "ann", "tea"), 14, late: false);

        var slices = _batch.UserSlices(7, _sent, 99).ToList();

        Assert.Equal(["ann", "bob"], slices.Select(s => s.UserId));
        Assert.All(slices, s => Assert.Equal((7, -1L, 99L), (s.Slice.Partition, s.Slice.After, s.Slice.StreamTimeMs)));
        Assert.Equal(
            [
                new UserEvent { Offset = 10, Type = EventType.View, TimestampMs = Events.NowMs, ProductId = "cup" },
                new UserEvent { Offset = 13, Type = EventType.Purchase, TimestampMs = Events.NowMs, ProductId = "pot", Revenue = 2.50m },
                new UserEvent { Offset = 14, Type = EventType.Search, TimestampMs = Events.NowMs },
            ],
            slices[0].Slice.Events);
        Assert.Equal(
            [new UserEvent { Offset = 11, Type = EventType.View, TimestampMs = Events.NowMs - 1_800_000, ProductId = "pot", Late = true }],
            slices[1].Slice.Events);
    }

    [Fact]
    public void ProductSlices_SearchesAmongThem_LeavesThemOutAndKeepsTheOrder()
    {
        _batch.Add(Events.Search("1", "ann", "tea"), 10, late: false);
        _batch.Add(Events.View("2", "bob", "pot"), 11, late: false);
        _batch.Add(Events.View("3", "ann", "cup"), 12, late: true);
        _batch.Add(Events.Purchase("4", "ann", "pot", 1, 3m), 13, late: false);

        var slices = _batch.ProductSlices(2, _sent, 5).ToList();

        Assert.Equal(["pot", "cup"], slices.Select(s => s.ProductId));
        Assert.Equal(
            [
                new ProductEvent { Offset = 11, Type = EventType.View, TimestampMs = Events.NowMs, UserId = "bob" },
                new ProductEvent { Offset = 13, Type = EventType.Purchase, TimestampMs = Events.NowMs, UserId = "ann", Revenue = 3m },
            ],
            slices[0].Slice.Events);
        Assert.True(slices[1].Slice.Events.Single().Late);
        Assert.All(slices, s => Assert.Equal((2, -1L, 5L), (s.Slice.Partition, s.Slice.After, s.Slice.StreamTimeMs)));
    }

    [Fact]
    public void Slices_SentBefore_CarryTheOffsetOfThatGrain()
    {
        _sent.Sent("ann", 4);
        _batch.Add(Events.View("1", "ann", "cup"), 10, late: false);
        _batch.Add(Events.View("2", "bob", "cup"), 11, late: false);
        Assert.Equal([("ann", 4L), ("bob", -1L)], _batch.UserSlices(0, _sent, 0).Select(s => (s.UserId, s.Slice.After)));
    }

    [Fact]
    public void Clear_ThenOthers_NothingOfTheOldBatchIsLeft()
    {
        _batch.Add(Events.View("1", "ann", "cup"), 10, late: false);
        _ = _batch.UserSlices(0, _sent, 0).ToList();
        _batch.Clear();
        Assert.Equal(0, _batch.Count);
        Assert.Empty(_batch.UserSlices(0, _sent, 0));
        _batch.Add(Events.View("2", "bob", "pot"), 12, late: false);
        Assert.Equal(1, _batch.Count);
        Assert.Equal("bob", _batch.UserSlices(0, _sent, 0).Single().UserId);
        Assert.Equal(12, _batch.ProductSlices(0, _sent, 0).Single().Slice.Events.Single().Offset);
    }

    [Fact]
    public void Slices_RandomBatch_EqualThePlainGrouping()
    {
        var random = new Random(17);
        var plain = new List<(ShopEvent Event, long Offset)>();
        for (var offset = 0; offset < 2_000; offset++)
        {
            var shopEvent = random.Next(5) == 0
                ? Events.Search($"{offset}", $"u{random.Next(50)}", "tea")
                : Events.View($"{offset}", $"u{random.Next(50)}", $"p{random.Next(90)}");
            plain.Add((shopEvent, offset));
            _batch.Add(shopEvent, offset, late: false);
        }

        Assert.Equal(
            plain.GroupBy(e => e.Event.UserId).Select(g => (g.Key, string.Join(',', g.Select(e => e.Offset)))),
            _batch.UserSlices(0, _sent, 0).Select(s => (s.UserId, string.Join(',', s.Slice.Events.Select(e => e.Offset)))));
        Assert.Equal(
            plain.Where(e => e.Event.ProductId is not null).GroupBy(e => e.Event.ProductId!).Select(g => (g.Key, string.Join(',', g.Select(e => e.Offset)))),
            _batch.ProductSlices(0, _sent, 0).Select(s => (s.ProductId, string.Join(',', s.Slice.Events.Select(e => e.Offset)))));
    }
}
