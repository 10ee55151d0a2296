using Reco.Core.Ports;
using Reco.Silo.Ingest;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Testing;

namespace Reco.Silo.Tests.Ingest;

/// <summary>What becomes of single records: valid, repeated, bad, late.</summary>
public sealed class RecordTests
{
    [Fact]
    public async Task Ingest_MixedTraffic_EveryGrainKnowsWhatTheLogSays()
    {
        await using var harness = await IngestHarness.StartedAsync(partitions: 3);
        await harness.AppendAsync(Events.Views("a", 20));
        await harness.AppendAsync(
            Events.Purchase("p", "bob", "cup", 3, 2.50m), Events.Search("s", "bob", "tea"), Events.View("v", "cyd", "pot"));
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal(23, harness.Service.AppliedEvents);
        Assert.Equal(7.50m, harness.Grains[GrainModels.Product("cup")].Durable.Sum(e => e.Revenue));
    }

    [Fact]
    public async Task Ingest_QuietLog_HandsOnASingleRecordAtOnce()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppliedAsync();
        await harness.AppendAsync(Events.View("1", "ann", "cup"));
        await harness.AppliedAsync();
        Assert.Single(harness.Grains[GrainModels.User("ann")].Taken);
    }

    [Fact]
    public async Task Ingest_AGrainIsQuarantined_LeavesItOutAndGoesOn()
    {
        await using var harness = await IngestHarness.StartedAsync();
        harness.Grains[GrainModels.User("ann")].IsQuarantined = true;
        await harness.AppendAsync(Events.View("1", "ann", "cup"), Events.View("2", "bob", "cup"), Events.View("3", "ann", "pot"));
        await harness.SettleAsync();
        Assert.Empty(harness.Grains[GrainModels.User("ann")].Durable);
        Assert.Equal([1L], harness.Grains[GrainModels.User("bob")].Durable.Select(e => e.Offset));
        Assert.Equal([0L, 1L], harness.Grains[GrainModels.Product("cup")].Durable.Select(e => e.Offset));
        Assert.Equal(3, harness.Log[0].CommittedOffset);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Ingest_RepeatedId_CountsTheFirstOnly(int batchRecordsMax)
    {
        await using var harness = await IngestHarness.StartedAsync(options: new IngestOptions { BatchRecordsMax = batchRecordsMax });
        await harness.AppendAsync(
            Events.View("1", "ann", "cup"), Events.View("1", "ann", "cup"), Events.View("2", "ann", "cup"), Events.View("1", "ann", "pot"));
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal([0L, 2L], harness.Grains[GrainModels.User("ann")].Taken.Select(e => e.Offset));
        Assert.Equal(2, harness.Service.AppliedEvents);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ingest_IdRepeatedAfterARestart_IsStillKnown(bool crash)
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.View("1", "ann", "cup"), Events.View("2", "ann", "cup"));
        await harness.SettleAsync();
        await (crash ? harness.CrashAsync(grainsToo: true) : harness.StopAsync());
        await harness.StartAsync();
        await harness.AppendAsync(Events.View("1", "ann", "cup"), Events.View("3", "ann", "cup"));
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal([0L, 1L, 3L], harness.Grains[GrainModels.User("ann")].Durable.Select(e => e.Offset));
    }

    [Fact]
    public async Task Ingest_RecordReadAgainAfterARewind_IsNoDuplicateOfItself()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 5));
        await harness.AppliedAsync();
        harness.Grains[GrainModels.User("ann")].Die();
        await harness.AppendAsync(Events.View("a2", "ann", "cup"), Events.View("b", "ann", "cup"));
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal(6, harness.Grains[GrainModels.User("ann")].Durable.Length);
    }

    /// <summary>A commit that overtakes a replay: the next replay begins ahead of what the duplicate window has seen.</summary>
    [Fact]
    public async Task Ingest_CommitOvertakesAReplayThatFails_DuplicatesOfTheEventsBetweenAreStillKnown()
    {
        await using var harness = await IngestHarness.StartedAsync(options: new IngestOptions { BatchRecordsMax = 1, CheckpointIntervalSeconds = 300 });
        await harness.AppendAsync(Events.View("0", "ann", "cup"));
        await harness.SettleAsync();
        await harness.AppendAsync(Events.View("1", "bob", "cup"), Events.View("2", "cyd", "cup"), Events.View("3", "dan", "cup"));
        await harness.AppliedAsync();

        // A checkpoint of offset 4 hangs in a flush while the batch behind it fails.
        var flush = new TaskCompletionSource<CallFault>();
        var flushing = new TaskCompletionSource();
        harness.Grains.OnFlush = _ =>
        {
            flushing.TrySetResult();
            return flush.Task;
        };
        var checkpoint = harness.CheckpointAsync();
        await flushing.Task.Within("the flush");
        harness.Grains.OnApply = name => Task.FromResult(name == GrainModels.User("eve") ? CallFault.FailBefore : CallFault.None);
        await harness.AppendAsync(Events.View("4", "eve", "cup"));
        await harness.FailureAsync();

        // The replay from 1 hangs at 2; the commit of 4 overtakes it; the replay fails.
        var replay = new TaskCompletionSource<CallFault>();
        var replaying = new TaskCompletionSource();
        harness.Grains.OnApply = name =>
        {
            if (name != GrainModels.User("cyd"))
            {
                return Task.FromResult(CallFault.None);
            }

            replaying.TrySetResult();
            return replay.Task;
        };
        await harness.PumpAsync(() => replaying.Task.IsCompleted, "the replay", TimeSpan.FromMilliseconds(50));
        flush.SetResult(CallFault.None);
        await harness.PumpAsync(() => harness.Log[0].CommittedOffset == 4, "the commit", TimeSpan.Zero);
        replay.SetResult(CallFault.FailBefore);
        await checkpoint;

        await harness.AppendAsync(Events.View("3", "dan", "cup"));
        await harness.SettleAsync();
        harness.AssertExact();
    }

    [Fact]
    public async Task Ingest_BadRecords_GoToTheDeadLettersOnceAndBlockNothing()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.View("1", "ann", "cup"));
        await harness.AppendRawAsync("ann", "{ this is not JSON");
        await harness.AppendRawAsync("ann", """{"event_id":"x","user_id":"ann","event_type":"view","timestamp":"2026-01-05T12:00:00Z"}""");
        await harness.AppendAsync(Events.View("2", "ann", "cup", minutes: 6), Events.View("3", "ann", "cup"));
        await harness.AppliedAsync();
        harness.Grains.DieAll();
        await harness.AppendAsync(Events.View("4", "ann", "cup"));
        await harness.SettleAsync();

        harness.AssertExact();
        Assert.Equal([(0, 1L), (0, 2L), (0, 3L)], harness.DeadLetters.Kept.Select(l => (l.Partition, l.Offset)));
        Assert.Contains("JSON", harness.DeadLetters.Kept[0].Reason, StringComparison.Ordinal);
        Assert.Contains("product_id", harness.DeadLetters.Kept[1].Reason, StringComparison.Ordinal);
        Assert.Contains("timestamp", harness.DeadLetters.Kept[2].Reason, StringComparison.Ordinal);
        Assert.All(harness.DeadLetters.Kept, l => Assert.Equal(harness.Log[0].At(l.Offset).Value, l.Value.ToArray()));
    }

    [Fact]
    public async Task Ingest_OnlyBadRecords_AreCommittedToo()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendRawAsync("ann", "[]");
        await harness.SettleAsync();
        var commit = Assert.Single(harness.Log[0].Commits);
        Assert.Equal((1, long.MinValue), (commit.NextOffset, commit.MaxEventTimeMs));
    }

    [Fact]
    public async Task Ingest_DeadLetterLogFails_CommitsNothingPastTheRecordAndTriesAgain()
    {
        await using var harness = await IngestHarness.StartedAsync(options: new IngestOptions { BatchRecordsMax = 1, CheckpointIntervalSeconds = 300 });
        harness.DeadLetters.OnAppend = _ => Task.FromResult(Fault.Before);
        await harness.AppendAsync(Events.View("1", "ann", "cup"));
        await harness.AppendRawAsync("ann", "{}");
        await harness.AppendAsync(Events.View("2", "ann", "cup"));
        Assert.Contains("dead-letter", await harness.FailureAsync(), StringComparison.Ordinal);
        await harness.CheckpointAsync();
        Assert.Equal(1, harness.Log[0].CommittedOffset);
        harness.DeadLetters.OnAppend = _ => Task.FromResult(Fault.None);
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Empty(harness.Service.Failures);
    }

    [Fact]
    public async Task Late_ByTheWatermarkOfThePartition_IsStrictlyBelowTheAllowedLateness()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(
            Events.View("1", "ann", "cup", -60),
            Events.View("2", "ann", "cup"),
            Events.View("3", "ann", "cup", -10),
            Events.View("4", "ann", "cup") with { TimestampMs = Events.NowMs - 600_001 },
            Events.View("5", "ann", "cup", 1),
            Events.View("6", "ann", "cup", -9.5));
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal([false, false, false, true, false, true], harness.Grains[GrainModels.User("ann")].Taken.Select(e => e.Late));
        Assert.Equal([false, false, false, true, false, true], harness.Grains[GrainModels.Product("cup")].Taken.Select(e => e.Late));
    }

    [Fact]
    public async Task Late_OtherPartitionIsAhead_DoesNotMatter()
    {
        await using var harness = await IngestHarness.StartedAsync(partitions: 8);
        await harness.AppendAsync(Events.View("1", "ann", "cup"));
        await harness.AppliedAsync();
        await harness.AppendAsync(Events.View("2", "bob", "cup", -60));
        await harness.SettleAsync();
        Assert.NotEqual(
            harness.Grains[GrainModels.User("ann")].Taken.Single().Partition, harness.Grains[GrainModels.User("bob")].Taken.Single().Partition);
        Assert.False(harness.Grains[GrainModels.User("bob")].Taken.Single().Late);
    }

    [Fact]
    public async Task Late_AfterARestart_TheCommitBringsTheWatermarkBack()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.View("1", "ann", "cup"));
        await harness.SettleAsync();
        await harness.CrashAsync(grainsToo: true);
        await harness.StartAsync();
        await harness.AppendAsync(Events.View("2", "ann", "cup", -11));
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal([false, true], harness.Grains[GrainModels.User("ann")].Taken.Select(e => e.Late));
    }

    /// <summary>A dead-letter log that does not answer holds up the partition of the bad record, and no other.</summary>
    [Fact]
    public async Task Ingest_DeadLetterLogHangs_OtherPartitionsGoOn()
    {
        await using var harness = await IngestHarness.StartedAsync(partitions: 2);
        string[] users = [.. Enumerable.Range(0, 20).Select(i => $"user{i}")];
        var (stuck, free) = (users.First(u => Partitioner.PartitionOf(u, 2) == 0), users.First(u => Partitioner.PartitionOf(u, 2) == 1));
        var (reached, outcome) = (new TaskCompletionSource(), new TaskCompletionSource<Fault>());
        harness.DeadLetters.OnAppend = _ =>
        {
            reached.TrySetResult();
            return outcome.Task;
        };
        await harness.AppendRawAsync(stuck, "{}");
        await reached.Task.Within("the bad record");
        await harness.AppendAsync(Events.View("1", free, "cup"));
        await harness.PumpAsync(() => harness.Grains[GrainModels.User(free)].Taken.Length == 1, "the other partition's event", TimeSpan.Zero);
        outcome.SetResult(Fault.None);
        await harness.SettleAsync();
        harness.AssertExact();
    }

    /// <summary>A checkpoint between a failed batch and its replay must not commit the failed batch's event times.</summary>
    [Fact]
    public async Task Late_CheckpointBetweenAFailedBatchAndItsReplay_SameAnswerAsWithoutTheFailure()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.View("1", "ann", "cup", -60));
        await harness.AppliedAsync();
        var (reached, outcome) = (new TaskCompletionSource(), new TaskCompletionSource<Fault>());
        harness.DeadLetters.OnAppend = _ =>
        {
            reached.TrySetResult();
            return outcome.Task;
        };
        harness.Log.OnRead = _ => harness.Log[0].EndOffset == 4 ? Fault.None : Fault.Before;
        await harness.AppendAsync(Events.View("2", "ann", "cup", -45), Events.View("3", "ann", "cup"));
        await harness.AppendRawAsync("ann", "{}");
        await harness.PumpAsync(() => reached.Task.IsCompleted, "the bad record", TimeSpan.FromSeconds(1));

        // From here on the clock stands, so that the failed batch waits for its replay until the checkpoint has been.
        outcome.SetResult(Fault.Before);
        await harness.PumpAsync(() => harness.Service.Failures.Values.Any(f => f.Contains("dead-letter")), "the failure", TimeSpan.Zero);
        await harness.CheckpointAsync();
        Assert.Equal(Events.NowMs - 3_600_000, harness.Log[0].Committed!.Value.MaxEventTimeMs);
        harness.DeadLetters.OnAppend = _ => Task.FromResult(Fault.None);
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.DoesNotContain(harness.Grains[GrainModels.User("ann")].Taken, e => e.Late);
    }

    [Fact]
    public async Task StreamClock_AfterARestart_GoesOnFromTheCommit()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.View("1", "ann", "cup", -600));
        await harness.SettleAsync();
        var committedAt = harness.Log[0].Committed!.Value.CommittedAtMs;
        await harness.StopAsync();
        harness.Time.Advance(TimeSpan.FromMinutes(7));
        await harness.StartAsync();
        await Deadline.Until(() => harness.Clock.HasStarted, "the clock's restoring");
        var sinceCommit = harness.Time.GetUtcNow().ToUnixTimeMilliseconds() - committedAt;
        Assert.Equal(Events.NowMs - (600 * 60_000) + sinceCommit, harness.Clock.NowMs);
    }
}
