using System.Globalization;
using Reco.GrainInterfaces;
using Reco.Silo.Orders;
using Reco.Silo.Tests.Ingest;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Testing;

namespace Reco.Silo.Tests.Orders;

/// <summary>From the log to the store, without and with trouble.</summary>
public sealed class OrderSinkTests
{
    private static readonly OrderSinkOptions SmallBatches = new() { BatchRecordsMax = 2, CommitIntervalSeconds = 300 };

    [Fact]
    public async Task Sink_MixedTraffic_MakesAnOrderOfEachPurchase()
    {
        await using var harness = await OrderHarness.StartedAsync(partitions: 3);
        await harness.AppendAsync(Events.Views("v", 20));
        await harness.AppendAsync(Buys("p", 9));
        await harness.AppendAsync(Events.Search("s", "bob", "purchase"), Events.Purchase("q", "cyd", "pot", 3, 2.50m));
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal(10, harness.Store.Orders.Count);
        Assert.Equal((3, 2.50m), (harness.Store.Orders["q"].Quantity, harness.Store.Orders["q"].UnitPrice));
    }

    [Fact]
    public async Task Sink_PurchaseWithoutQuantityAndPrice_IsOnePieceAtAPriceThatTheStoreKnows()
    {
        await using var harness = await OrderHarness.StartedAsync();
        await harness.AppendAsync(Events.View("1", "ann", "cup") with { Type = EventType.Purchase });
        await harness.SettleAsync();
        Assert.Equal((1, null), (harness.Store.Orders["1"].Quantity, harness.Store.Orders["1"].UnitPrice));
    }

    [Fact]
    public async Task Sink_RecordsThatAreNoEvents_AreNotItsAffair()
    {
        await using var harness = await OrderHarness.StartedAsync();
        await harness.AppendRawAsync("ann", "{ \"purchase\" this is not JSON");
        await harness.AppendRawAsync("ann", """{"event_id":"x","user_id":"ann","event_type":"purchase","timestamp":"2026-01-05T12:00:00Z"}""");
        await harness.AppendAsync(Events.Purchase("1", "ann", "cup", 1, 1m) with { TimestampMs = Events.NowMs + 360_000 });
        await harness.AppendAsync(Events.Purchase("2", "ann", "cup", 1, 1m) with { TimestampMs = 0 });
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal(["2"], harness.Store.Orders.Keys);
        Assert.Empty(harness.DeadLetters.Kept);
        Assert.Equal(4, harness.Log[0].CommittedOffset);
    }

    [Fact]
    public async Task Sink_StartedOnALogFromBefore_CatchesUpAndASecondTimeAddsNothing()
    {
        await using var harness = new OrderHarness(partitions: 2);
        await harness.AppendAsync(Buys("p", 50));
        await harness.StartAsync();
        await harness.SettleAsync();
        harness.AssertExact();
        await harness.StopAsync();
        var calls = harness.Store.Calls;
        await harness.StartAsync();
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal(calls, harness.Store.Calls);
    }

    [Fact]
    public async Task Sink_Crashed_WritesAgainWhatWasNotCommittedAndNothingIsTwice()
    {
        await using var harness = await OrderHarness.StartedAsync();
        await harness.AppendAsync(Buys("p", 5));
        await harness.SettleAsync();
        await harness.AppendAsync(Buys("q", 5));
        await harness.PumpAsync(() => harness.Sink.Lag == 0, "the second batch", TimeSpan.FromMilliseconds(50));
        await harness.CrashAsync();
        Assert.Equal(5, harness.Log[0].CommittedOffset);
        await harness.StartAsync();
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal(10, harness.Log[0].CommittedOffset);
    }

    [Fact]
    public async Task Sink_StoreAway_WaitsLongerAndLongerSaysSoAndLosesNothing()
    {
        await using var harness = await OrderHarness.StartedAsync(options: SmallBatches);
        harness.Store.OnAdd = _ => Task.FromResult(Fault.Before);
        await harness.AppendAsync(Buys("p", 3));
        await harness.PumpAsync(() => harness.Timers.Waits.Count >= 8, "the waits", TimeSpan.FromMilliseconds(50));
        Assert.Contains("made to fail", Assert.Single(harness.Sink.Failures).Value, StringComparison.Ordinal);
        Assert.Empty(harness.Log[0].Commits);
        double[] bounds = [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10];
        Assert.All(bounds.Zip(harness.Timers.Waits), w => Assert.InRange(w.Second.TotalSeconds, w.First / 2, w.First));

        harness.Store.OnAdd = _ => Task.FromResult(Fault.None);
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Empty(harness.Sink.Failures);
    }

    [Fact]
    public async Task Sink_StoreFailsHalfWay_WritesTheWholeBatchAgain()
    {
        await using var harness = new OrderHarness();
        var faults = new Queue<Fault>([Fault.After, Fault.Before, Fault.After, Fault.None]);
        harness.Store.OnAdd = _ => Task.FromResult(faults.TryDequeue(out var fault) ? fault : Fault.None);
        await harness.AppendAsync(Buys("p", 7));
        await harness.StartAsync();
        await harness.SettleAsync();
        harness.AssertExact();
    }

    [Fact]
    public async Task Sink_RefusedPurchases_GoToTheDeadLettersAsTheyWereAndBlockNothing()
    {
        await using var harness = await OrderHarness.StartedAsync();
        harness.Store.Refuses = purchase => purchase.Quantity == 13 ? "thirteen is refused" : null;
        await harness.AppendAsync(
            Events.Purchase("1", "ann", "cup", 1, 1m), Events.Purchase("2", "ann", "cup", 13, 1m), Events.Purchase("3", "ann", "cup", 1, 1m));
        await harness.SettleAsync();
        harness.AssertExact();
        var letter = Assert.Single(harness.DeadLetters.Kept);
        Assert.Equal((0, 1L, "thirteen is refused"), (letter.Partition, letter.Offset, letter.Reason));
        Assert.Equal(harness.Log[0].At(1).Value, letter.Value.ToArray());
    }

    [Fact]
    public async Task Sink_DeadLettersCannotBeWritten_CommitsNothingPastThem()
    {
        await using var harness = await OrderHarness.StartedAsync(options: new OrderSinkOptions { BatchRecordsMax = 1, CommitIntervalSeconds = 300 });
        harness.Store.Refuses = purchase => purchase.EventId == "p1" ? "refused" : null;
        harness.DeadLetters.OnAppend = _ => Task.FromResult(Fault.Before);
        await harness.AppendAsync(Buys("p", 3));
        await harness.PumpAsync(() => harness.Sink.Failures.Count > 0, "the failure", TimeSpan.FromMilliseconds(50));
        await harness.Sink.CommitAsync(CancellationToken.None);
        Assert.Equal(1, harness.Log[0].CommittedOffset);
        harness.DeadLetters.OnAppend = _ => Task.FromResult(Fault.None);
        await harness.SettleAsync();
        harness.AssertExact();
    }

    [Fact]
    public async Task Sink_ManyPartitions_NeverWritesMoreBatchesAtOnceThanAllowed()
    {
        await using var harness = await OrderHarness.StartedAsync(
            8, new OrderSinkOptions { WritesInFlightMax = 2, BatchRecordsMax = 3, CommitIntervalSeconds = 300 });

        // The first waits for another: what comes during a short one would share the next, and never two be under way.
        var calls = 0;
        var another = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Store.OnAdd = async _ =>
        {
            if (Interlocked.Increment(ref calls) == 2)
            {
                another.SetResult();
            }

            await another.Task;
            await Task.Yield();
            return Fault.None;
        };
        await harness.AppendAsync(Buys("p", 300));
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal(2, harness.Store.UnderWayMax);
    }

    [Fact]
    public async Task Sink_QuietLog_CommitsOnTheInterval()
    {
        await using var harness = await OrderHarness.StartedAsync(options: new OrderSinkOptions { CommitIntervalSeconds = 5 });
        await harness.AppendAsync(Events.View("v", "ann", "cup"), Events.Purchase("1", "ann", "cup", 1, 1m));
        await harness.PumpAsync(() => harness.Sink.Lag == 0, "the order", TimeSpan.Zero);
        Assert.Empty(harness.Log[0].Commits);
        await harness.PumpAsync(() => harness.Log[0].CommittedOffset == 2, "the commit", TimeSpan.FromSeconds(5));
        harness.AssertExact();
    }

    /// <summary>One batch for what came while the sink paused, not one for each event.</summary>
    [Fact]
    public async Task Sink_EventsOneByOne_AreGatheredDuringThePause()
    {
        await using var harness = await OrderHarness.StartedAsync();
        await harness.AppendAsync(Buys("first", 1));
        await harness.PumpAsync(() => harness.Store.Orders.Count == 1 && !harness.Timers.Waits.IsEmpty, "the first order", TimeSpan.Zero);
        foreach (var shopEvent in Buys("next", 20))
        {
            await harness.AppendAsync(shopEvent);
        }

        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal(2, harness.Store.Calls);
        Assert.InRange(harness.Timers.Waits.First().TotalMilliseconds, 1, new OrderSinkOptions().BatchDelayMilliseconds);
    }

    /// <summary>A busy log's end has moved on by the time a batch is written. That is no reason to write the few that have come since.</summary>
    [Fact]
    public async Task Sink_EventsDuringTheWrite_AreGatheredDuringThePause()
    {
        await using var harness = await OrderHarness.StartedAsync();
        var writing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new TaskCompletionSource<Fault>(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Store.OnAdd = _ =>
        {
            writing.TrySetResult();
            return held.Task;
        };
        await harness.AppendAsync(Buys("first", 1));
        await writing.Task.Within("the first write");
        await harness.AppendAsync(Buys("during", 1));
        held.SetResult(Fault.None);
        await harness.PumpAsync(() => !harness.Timers.Waits.IsEmpty, "the pause", TimeSpan.Zero);
        await harness.AppendAsync(Buys("after", 1));
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal(2, harness.Store.Calls);
    }

    internal static ShopEvent[] Buys(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Events.Purchase(
            prefix + i.ToString(CultureInfo.InvariantCulture), $"user{i % 11}", $"product{i % 5}", 1 + (i % 4), i / 4m))];
}
