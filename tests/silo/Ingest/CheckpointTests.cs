using Reco.Core.Ports;
using Reco.Silo.Ingest;
using Reco.Silo.Tests.Ingest.Fakes;

namespace Reco.Silo.Tests.Ingest;

public sealed class CheckpointTests
{
    private static readonly string Ann = GrainModels.User("ann");
    private static readonly string Cup = GrainModels.Product("cup");

    [Fact]
    public async Task Checkpoint_IntervalOver_CommitsWithoutBeingAsked()
    {
        await using var harness = await IngestHarness.StartedAsync(options: new IngestOptions { CheckpointIntervalSeconds = 5 });
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Empty(harness.Log[0].Commits);
        harness.Time.Advance(TimeSpan.FromSeconds(0.1));
        await harness.PumpAsync(() => harness.Log[0].CommittedOffset == 3, "the commit", TimeSpan.Zero);
        var commit = Assert.Single(harness.Log[0].Commits);
        Assert.Equal((Events.NowMs, Events.NowMs + 5000), (commit.MaxEventTimeMs, commit.CommittedAtMs));
        harness.AssertExact();
    }

    [Fact]
    public async Task Checkpoint_NothingNew_FlushesAndCommitsNothing()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.SettleAsync();
        var flushes = harness.Grains.Calls.Count(c => c.Call == "Flush");
        await harness.CheckpointAsync();
        Assert.Single(harness.Log[0].Commits);
        Assert.Equal(flushes, harness.Grains.Calls.Count(c => c.Call == "Flush"));
    }

    [Fact]
    public async Task Checkpoint_GrainsOfOneCheckpoint_AreNotFlushedAtTheNext()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.View("1", "ann", "cup"));
        await harness.SettleAsync();
        await harness.AppendAsync(Events.View("2", "bob", "pot"));
        await harness.SettleAsync();
        Assert.Single(harness.Grains.Calls, c => c is { Call: "Flush" } && c.Grain == Ann);
        Assert.Equal(("Flush", GrainModels.User("bob"), 1), harness.Grains.Calls.Single(c => c.Call == "Flush" && c.Grain == GrainModels.User("bob")));
    }

    [Fact]
    public async Task Checkpoint_NewBatchesMeanwhile_CommitsOnlyWhatItFlushed()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        var flush = new TaskCompletionSource<CallFault>();
        harness.Grains.OnFlush = _ => flush.Task;
        var checkpoint = harness.CheckpointAsync();
        await harness.PumpAsync(() => harness.Grains.Calls.Any(c => c.Call == "Flush"), "the flush", TimeSpan.Zero);
        var slices = harness.Grains.Calls.Count(c => c.Call == "Apply" && c.Grain == Ann);
        await harness.AppendAsync(Events.Views("b", 4));
        await harness.AppliedAsync();
        Assert.Empty(harness.Log[0].Commits);
        flush.SetResult(CallFault.None);
        await checkpoint;
        Assert.Equal(3, Assert.Single(harness.Log[0].Commits).NextOffset);

        // What came meanwhile is still expected of the grains, by the next slice and by the next checkpoint.
        Assert.Equal(2, harness.Grains.Calls.Where(c => c.Call == "Apply" && c.Grain == Ann).ElementAt(slices).Offset);
        await harness.CheckpointAsync();
        Assert.Equal([3L, 7L], harness.Log[0].Commits.Select(c => c.NextOffset));
        harness.AssertExact();
    }

    [Fact]
    public async Task Apply_GrainLostItsMemoryBetweenTwoSlices_ReplaysAndIsExact()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        harness.Grains[Ann].Die();
        await harness.AppendAsync(Events.Views("b", 2));
        Assert.Contains("lost events", await harness.FailureAsync(), StringComparison.Ordinal);
        Assert.Empty(harness.Grains[Ann].Taken);
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Empty(harness.Service.Failures);
    }

    [Fact]
    public async Task Flush_GrainLostItsMemoryAfterItsLastSlice_SaysNoAndIsReplayed()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        harness.Grains[Cup].Die();
        await CheckpointIsRefusedAndReplayedAsync(harness);
    }

    [Theory]
    [InlineData(CallFault.FailBefore)]
    [InlineData(CallFault.FailAfter)]
    [InlineData(CallFault.TimeOut)]
    [InlineData(CallFault.ThrowAtOnce)]
    public async Task Apply_CallFails_CommitsNothingOfTheBatchAndIsExactInTheEnd(object fault)
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.SettleAsync();
        harness.Grains.OnApply = name => Task.FromResult(name == Cup ? (CallFault)fault : CallFault.None);
        await harness.AppendAsync(Events.Views("b", 3));
        Assert.Contains(Cup, await harness.FailureAsync(), StringComparison.Ordinal);
        await harness.CheckpointAsync();
        Assert.Equal(3, harness.Log[0].CommittedOffset);
        harness.Grains.OnApply = _ => Task.FromResult(CallFault.None);
        await harness.SettleAsync();
        harness.Grains.DeliverLate();
        harness.AssertExact();
        Assert.Empty(harness.Service.Failures);
    }

    [Theory]
    [InlineData("user/ann", CallFault.FailBefore)]
    [InlineData("user/ann", CallFault.FailAfter)]
    [InlineData("product/cup", CallFault.TimeOut)]
    [InlineData("product/cup", CallFault.ThrowAtOnce)]
    [InlineData("trending", CallFault.FailBefore)]
    [InlineData("trending", CallFault.ThrowAtOnce)]
    [InlineData("shard", CallFault.FailBefore)]
    [InlineData("shard", CallFault.ThrowAtOnce)]
    public async Task Flush_Fails_CommitsNothingUntilItWorks(string grain, object fault)
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        harness.Grains.OnFlush = name => Task.FromResult(name.StartsWith(grain, StringComparison.Ordinal) ? (CallFault)fault : CallFault.None);
        var applies = harness.Grains.Calls.Count(c => c.Call == "Apply");
        await harness.CheckpointAsync();
        Assert.Empty(harness.Log[0].Commits);
        Assert.Contains("could not be written", await harness.FailureAsync(), StringComparison.Ordinal);

        // Said for as long as no checkpoint commits; events that come meanwhile are applied, and are part of the one that does.
        await harness.AppendAsync(Events.Views("b", 3));
        await harness.AppliedAsync();
        Assert.Contains("could not be written", await harness.FailureAsync(), StringComparison.Ordinal);
        harness.Grains.OnFlush = _ => Task.FromResult(CallFault.None);
        await harness.CheckpointAsync();
        Assert.Equal(6, harness.Log[0].CommittedOffset);
        Assert.Equal(2 * applies, harness.Grains.Calls.Count(c => c.Call == "Apply"));
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Empty(harness.Service.Failures);
    }

    [Fact]
    public async Task Flush_FailsAndThenTheMemoryIsLost_IsReplayed()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        harness.Grains.OnFlush = name => Task.FromResult(name == Cup ? CallFault.FailBefore : CallFault.None);
        await harness.CheckpointAsync();
        harness.Grains[Cup].Die();
        harness.Grains.OnFlush = _ => Task.FromResult(CallFault.None);
        await CheckpointIsRefusedAndReplayedAsync(harness);
    }

    [Fact]
    public async Task Flush_OnePartitionFailsAndAnotherRefuses_OnlyTheLatterGoesBack()
    {
        await using var harness = await IngestHarness.StartedAsync(partitions: 8);
        await harness.AppendAsync(Events.View("1", "ann", "cup"), Events.View("2", "bob", "pot"));
        await harness.AppliedAsync();
        var (anns, bobs) = (harness.Grains[Ann].Taken[0].Partition, harness.Grains[GrainModels.User("bob")].Taken[0].Partition);
        harness.Grains[Ann].Die();
        harness.Grains.OnFlush = name => Task.FromResult(name == GrainModels.User("bob") ? CallFault.TimeOut : CallFault.None);
        await harness.CheckpointAsync();
        Assert.Contains("could not confirm", harness.Service.Failures[anns], StringComparison.Ordinal);
        Assert.Contains("could not be written", harness.Service.Failures[bobs], StringComparison.Ordinal);
        harness.Grains.OnFlush = _ => Task.FromResult(CallFault.None);
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Single(harness.Grains.Calls, call => call.Call == "Apply" && call.Grain == GrainModels.User("bob"));
    }

    [Fact]
    public async Task Flush_OnePartitionRefused_TheOthersCommit()
    {
        await using var harness = await IngestHarness.StartedAsync(partitions: 8);
        await harness.AppendAsync(Events.View("1", "ann", "cup"), Events.View("2", "bob", "pot"));
        await harness.AppliedAsync();
        var (anns, bobs) = (harness.Grains[Ann].Taken[0].Partition, harness.Grains[GrainModels.User("bob")].Taken[0].Partition);
        harness.Grains[Ann].Die();
        await harness.CheckpointAsync();
        Assert.Equal((0L, 1L), (harness.Log[anns].CommittedOffset, harness.Log[bobs].CommittedOffset));
        Assert.Equal([anns], harness.Service.Failures.Keys);
        await harness.SettleAsync();
        harness.AssertExact();
    }

    [Theory]
    [InlineData(Fault.Before)]
    [InlineData(Fault.After)]
    public async Task Commit_Fails_IsReportedAndTriedAgainAndTheOtherPartitionsCommit(object fault)
    {
        await using var harness = await IngestHarness.StartedAsync(partitions: 8);
        await harness.AppendAsync(Events.View("1", "ann", "cup"), Events.View("2", "bob", "pot"), Events.View("3", "cyd", "pan"));
        await harness.AppliedAsync();
        var anns = harness.Grains[Ann].Taken[0].Partition;
        harness.Log.OnCommit = partition => partition == anns ? (Fault)fault : Fault.None;
        await Assert.ThrowsAsync<EventLogException>(harness.CheckpointAsync);
        Assert.Contains("commit was made to fail", harness.Service.Failures[anns], StringComparison.Ordinal);
        Assert.All(
            harness.Log.Partitions.Where(p => p.Number != anns), p => Assert.Equal(p.EndOffset, p.CommittedOffset));
        harness.Log.OnCommit = _ => Fault.None;
        await harness.CheckpointAsync();
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Empty(harness.Service.Failures);
    }

    [Fact]
    public async Task Checkpoint_FailsInAnUnforeseenWay_TheNextOnesStillCome()
    {
        await using var harness = await IngestHarness.StartedAsync(options: new IngestOptions { CheckpointIntervalSeconds = 5 });
        var commits = 0;
        harness.Log.CommitFailure = () => new InvalidOperationException("a bug in the log");
        harness.Log.OnCommit = _ => ++commits == 1 ? Fault.Before : Fault.None;
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains("a bug", await harness.FailureAsync(), StringComparison.Ordinal);
        await harness.PumpAsync(() => harness.Log[0].CommittedOffset == 3, "the next checkpoint", TimeSpan.FromSeconds(1));
        Assert.Empty(harness.Service.Failures);
    }

    [Fact]
    public async Task Checkpoint_ReadingBackFailsDuringARewind_CommitsNothingThatWasForgotten()
    {
        await using var harness = await IngestHarness.StartedAsync(options: new IngestOptions { CheckpointIntervalSeconds = 300, BatchRecordsMax = 8192 });

        // More than the duplicate window can rewind, so that the rewind has to read back.
        await harness.AppendAsync(Events.Views("a", 2));
        await harness.SettleAsync();
        await harness.AppendAsync(Events.Views("b", 270_000));
        await harness.AppliedAsync();
        var reads = 0;
        harness.Log.OnRead = _ => ++reads > 0 ? Fault.Before : Fault.None;
        harness.Grains.DieAll();
        await harness.CheckpointAsync();
        await harness.PumpAsync(() => reads > 0, "the reading back", TimeSpan.FromMilliseconds(50));
        await harness.FailureAsync();
        harness.Log.CheckCommit = (_, position) => harness.Grains[Ann].IsDurable(0, position.NextOffset - 1) ? null : "not durable";
        await harness.CheckpointAsync();
        Assert.Equal(2, harness.Log[0].CommittedOffset);
        harness.Log.OnRead = _ => Fault.None;
        await harness.SettleAsync();
        harness.AssertExact();
    }

    private static async Task CheckpointIsRefusedAndReplayedAsync(IngestHarness harness)
    {
        await harness.CheckpointAsync();
        Assert.Empty(harness.Log[0].Commits);
        Assert.Contains("could not confirm", await harness.FailureAsync(), StringComparison.Ordinal);
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Empty(harness.Service.Failures);
    }
}
