using Reco.GrainInterfaces;
using StableHash = Reco.Core.Hashing.StableHash;

namespace Reco.Grains.Tests;

public sealed class UserGrainTests
{
    [Fact]
    public async Task Apply_Events_AreInTotalsAndWindow()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var user = fixture.Grains.GetGrain<IUserGrain>("u");

        await user.ApplyAsync(fixture.UserSlice(
            -1,
            fixture.UserEvent(0, EventType.View, "p"),
            fixture.UserEvent(1, EventType.Purchase, "p", 12.5m),
            fixture.UserEvent(2, EventType.Search, null)));

        var stats = (await user.GetStatsAsync())!;
        Assert.Equal(new EventCounts { View = 1, Purchase = 1, Search = 1 }, stats.Totals);
        Assert.Equal(stats.Totals, stats.Window.Counts);
        Assert.Equal(12.5m, stats.Revenue);
        Assert.Equal(1, stats.HistoryItems);
        Assert.Equal(TimeSpan.FromMinutes(10), stats.Window.End - stats.Window.Start);
    }

    [Fact]
    public async Task GetStats_NeverSeen_IsNull()
    {
        await using var fixture = await GrainFixture.StartAsync();

        Assert.Null(await fixture.Grains.GetGrain<IUserGrain>("nobody").GetStatsAsync());
    }

    [Fact]
    public async Task Apply_SameSliceAgain_CountsOnce()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var user = fixture.Grains.GetGrain<IUserGrain>("u");
        var slice = fixture.UserSlice(-1, fixture.UserEvent(5, EventType.Like, "p"), fixture.UserEvent(9, EventType.Like, "q"));

        Assert.Equal(ApplyOutcome.Applied, await user.ApplyAsync(slice));
        Assert.Equal(ApplyOutcome.Applied, await user.ApplyAsync(slice));

        Assert.Equal(2, (await user.GetStatsAsync())!.Totals.Like);
    }

    [Fact]
    public async Task Apply_BehindAGap_AppliesNothing()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var user = fixture.Grains.GetGrain<IUserGrain>("u");

        Assert.Equal(ApplyOutcome.MemoryLost, await user.ApplyAsync(fixture.UserSlice(3, fixture.UserEvent(5, EventType.Like, "p"))));

        Assert.Null(await user.GetStatsAsync());
    }

    [Fact]
    public async Task Window_TimePasses_AgesOutWithoutEvents()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var user = fixture.Grains.GetGrain<IUserGrain>("u");
        await user.ApplyAsync(fixture.UserSlice(-1, fixture.UserEvent(0, EventType.View, "p")));

        fixture.Time.Advance(TimeSpan.FromMinutes(11));

        var stats = (await user.GetStatsAsync())!;
        Assert.Equal(0, stats.Window.Counts.Sum);
        Assert.Equal(1, stats.Totals.View);
    }

    [Fact]
    public async Task Apply_LateEvent_IsInTotalsOnly()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var user = fixture.Grains.GetGrain<IUserGrain>("u");

        await user.ApplyAsync(fixture.UserSlice(-1, fixture.UserEvent(0, EventType.View, "p") with { Late = true }));

        var stats = (await user.GetStatsAsync())!;
        Assert.Equal((1, 1, 0), (stats.Totals.View, stats.LateEvents, stats.Window.Counts.Sum));
    }

    [Fact]
    public async Task Flush_ThenNewHost_HasEverything()
    {
        var storage = new FaultyStorage();
        await using (var fixture = await GrainFixture.StartAsync(storage))
        {
            var user = fixture.Grains.GetGrain<IUserGrain>("u");
            await user.ApplyAsync(fixture.UserSlice(-1, fixture.UserEvent(7, EventType.Purchase, "p", 3m)));
            Assert.True(await user.FlushAsync(0, 7));
            storage.FailsWrite = _ => true;
        }

        storage.FailsWrite = _ => false;
        await using var again = await GrainFixture.StartAsync(storage);
        var reborn = again.Grains.GetGrain<IUserGrain>("u");
        Assert.True(await reborn.FlushAsync(0, 7));
        Assert.False(await reborn.FlushAsync(0, 8));
        Assert.Equal(3m, (await reborn.GetStatsAsync())!.Revenue);
    }

    [Fact]
    public async Task Stop_BeforeAFlush_WritesTheStateAndAsksNobodyToKeepTheRow()
    {
        var storage = new FaultyStorage();
        await using (var fixture = await GrainFixture.StartAsync(storage))
        {
            await fixture.Grains.GetGrain<IUserGrain>("u").ApplyAsync(fixture.UserSlice(-1, fixture.UserEvent(7, EventType.View, "p")));
        }

        // Of the user, and of no shard: whoever keeps rows may have stopped before.
        Assert.Single(storage.Keys);

        await using var again = await GrainFixture.StartAsync(storage);
        Assert.True(await again.Grains.GetGrain<IUserGrain>("u").FlushAsync(0, 7));
        var shard = again.Grains.GetGrain<IInteractionShardGrain>(StableHash.Bucket("u", InteractionShards.Count));
        Assert.Single(await shard.GetRowsAsync(null, 10));
    }

    [Fact]
    public async Task Flush_NothingNew_WritesNothing()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var user = fixture.Grains.GetGrain<IUserGrain>("u");
        await user.ApplyAsync(fixture.UserSlice(-1, fixture.UserEvent(0, EventType.View, "p")));
        await user.FlushAsync(0, 0);
        var writes = fixture.Storage.Writes;

        Assert.True(await user.FlushAsync(0, 0));

        Assert.Equal(writes, fixture.Storage.Writes);
    }

    [Fact]
    public async Task Flush_StorageFails_ReachesTheCallerAndWorksLater()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var user = fixture.Grains.GetGrain<IUserGrain>("u");
        await user.ApplyAsync(fixture.UserSlice(-1, fixture.UserEvent(0, EventType.View, "p")));
        fixture.Storage.FailsWrite = _ => true;

        var error = await Assert.ThrowsAnyAsync<Exception>(() => user.FlushAsync(0, 0));
        Assert.IsType<IOException>(error.GetBaseException());

        fixture.Storage.FailsWrite = _ => false;
        Assert.True(await user.FlushAsync(0, 0));
    }

    [Fact]
    public async Task Flush_SendsTheWholeRowToItsShard_InTheOrderOfFirstDealing()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var user = fixture.Grains.GetGrain<IUserGrain>("u");
        await user.ApplyAsync(fixture.UserSlice(
            -1,
            fixture.UserEvent(0, EventType.View, "b"),
            fixture.UserEvent(1, EventType.Cart, "a"),
            fixture.UserEvent(2, EventType.Purchase, "b")));
        await user.FlushAsync(0, 2);

        var shard = fixture.Grains.GetGrain<IInteractionShardGrain>(StableHash.Bucket("u", InteractionShards.Count));
        var row = Assert.Single(await shard.GetRowsAsync(null, 10));

        Assert.Equal(["b", "a"], row.ProductIds);
        Assert.Equal([6f, 3f], row.Weights);
    }

    [Fact]
    public async Task Activation_DamagedState_IsQuarantinedAndOthersGoOn()
    {
        var storage = new FaultyStorage();
        await using (var fixture = await GrainFixture.StartAsync(storage))
        {
            var user = fixture.Grains.GetGrain<IUserGrain>("poisoned");
            await user.ApplyAsync(fixture.UserSlice(-1, fixture.UserEvent(0, EventType.View, "p")));
            await user.FlushAsync(0, 0);
        }

        storage.Poison("poisoned");
        var writes = storage.Writes;
        await using var again = await GrainFixture.StartAsync(storage);
        var damaged = again.Grains.GetGrain<IUserGrain>("poisoned");

        var refused = await Assert.ThrowsAsync<InvalidDataException>(damaged.GetStatsAsync);
        Assert.Contains("poisoned", refused.Message, StringComparison.Ordinal);
        Assert.Contains("./reco doctor", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidDataException>(() => damaged.RecommendAsync(new RecommendationQuery()));

        // The partition goes on without it, and what is stored is left for somebody to look at.
        Assert.Equal(ApplyOutcome.Quarantined, await damaged.ApplyAsync(again.UserSlice(0, again.UserEvent(1, EventType.View, "p"))));
        Assert.True(await damaged.FlushAsync(0, 1));
        Assert.Equal(writes, storage.Writes);

        Assert.Null(await again.Grains.GetGrain<IUserGrain>("well").GetStatsAsync());
    }
}
