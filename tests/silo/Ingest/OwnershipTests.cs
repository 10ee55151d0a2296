using Reco.Core.Ports;
using Reco.Silo.Ingest;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Testing;

namespace Reco.Silo.Tests.Ingest;

/// <summary>Partitions come and go; the waits between failures.</summary>
public sealed class OwnershipTests
{
    private static readonly string Ann = GrainModels.User("ann");

    [Fact]
    public async Task Revoke_UncommittedEvents_AreFlushedAndCommittedFirst()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        await harness.Log.RevokeAsync(0);
        Assert.Equal(3, harness.Log[0].CommittedOffset);
        Assert.Equal(0, harness.Service.Partitions);
        harness.AssertExact();
        await harness.AppendAsync(Events.Views("b", 2));
        await harness.Log.AssignAsync(0);
        await harness.SettleAsync();
        harness.AssertExact();
    }

    [Fact]
    public async Task Reads_KeysOfOwnedPartitions_AndOfNoOther()
    {
        await using var harness = await IngestHarness.StartedAsync(partitions: 2);
        string[] users = [.. Enumerable.Range(0, 50).Select(u => $"user{u}")];
        Assert.All(users, user => Assert.True(harness.Service.Reads(user)));
        await harness.Log.RevokeAsync(1);
        Assert.All(users, user => Assert.Equal(Partitioner.PartitionOf(user, 2) == 0, harness.Service.Reads(user)));
        Assert.Equal(2, users.Select(harness.Service.Reads).Distinct().Count());
    }

    [Fact]
    public async Task Revoke_BatchUnderWay_WaitsForItAndCommitsIt()
    {
        await using var harness = await IngestHarness.StartedAsync();
        var call = new TaskCompletionSource<CallFault>();
        harness.Grains.OnApply = _ => call.Task;
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.PumpAsync(() => !harness.Grains.Calls.IsEmpty, "the call", TimeSpan.Zero);
        var revoked = harness.Log.RevokeAsync(0);
        Assert.False(revoked.IsCompleted);
        call.SetResult(CallFault.None);
        await revoked.Within("revoking");
        Assert.Equal(3, harness.Log[0].CommittedOffset);
        harness.AssertExact();
    }

    [Fact]
    public async Task Revoke_GrainRefuses_CommitsNothingAndTheNextOwnerReplays()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        harness.Grains[Ann].Die();
        await harness.Log.RevokeAsync(0);
        Assert.Empty(harness.Log[0].Commits);
        await harness.Log.AssignAsync(0);
        await harness.SettleAsync();
        harness.AssertExact();
    }

    [Fact]
    public async Task Lost_UncommittedEvents_AreNotCommitted()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        await harness.Log.LoseAsync(0);
        await harness.CheckpointAsync();
        Assert.Empty(harness.Log[0].Commits);
        await harness.Log.AssignAsync(0);
        await harness.SettleAsync();
        harness.AssertExact();
    }

    [Fact]
    public async Task Lost_CheckpointUnderWay_DoesNotCommitAnyMore()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        var flush = new TaskCompletionSource<CallFault>();
        harness.Grains.OnFlush = _ => flush.Task;
        var checkpoint = harness.CheckpointAsync();
        await harness.PumpAsync(() => harness.Grains.Calls.Any(c => c.Call == "Flush"), "the flush", TimeSpan.Zero);
        await harness.Log.LoseAsync(0);
        flush.SetResult(CallFault.None);
        await checkpoint;
        Assert.Empty(harness.Log[0].Commits);
        Assert.Empty(harness.Log.Violations);
        await harness.Log.AssignAsync(0);
        await harness.SettleAsync();
        harness.AssertExact();
    }

    /// <summary>The log has been asked already: nothing can take that back, but the next owner may not begin before it has ended.</summary>
    [Fact]
    public async Task Lost_CommitUnderWay_IsWaitedFor()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        var (asked, answer) = HoldCommits(harness.Log);
        var checkpoint = harness.CheckpointAsync();
        await asked.Within("the commit");
        var lost = harness.Log.LoseAsync(0);
        await harness.PumpAsync(() => harness.Service.Partitions == 0, "the worker's end", TimeSpan.Zero);
        Assert.False(lost.IsCompleted);
        answer.SetResult();
        await lost.Within("losing");
        await checkpoint.Within("the checkpoint");
        Assert.Equal(3, harness.Log[0].CommittedOffset);
        Assert.Empty(harness.Log.Violations);
        await harness.Log.AssignAsync(0);
        await harness.SettleAsync();
        harness.AssertExact();
    }

    [Fact]
    public async Task Stop_WhileWorking_WhatWasCommittedIsDurableAndTheRestFollows()
    {
        await using var harness = await IngestHarness.StartedAsync(partitions: 2, options: new IngestOptions { BatchRecordsMax = 3 });
        harness.Grains.OnApply = async _ =>
        {
            await Task.Yield();
            return CallFault.None;
        };
        for (var round = 0; round < 20; round++)
        {
            await harness.AppendAsync(Events.Views($"a{round}-", 20, user: $"u{round % 4}"));
            await harness.StopAsync();
            await harness.StartAsync();
        }

        await harness.SettleAsync();
        harness.AssertExact();
    }

    [Fact]
    public async Task Stop_DuringTheWaitAfterAFailure_DoesNotWaitForTheClock()
    {
        await using var harness = await IngestHarness.StartedAsync();
        harness.Grains.OnApply = _ => Task.FromResult(CallFault.FailBefore);
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.FailureAsync();
        await harness.StopAsync();
        Assert.Empty(harness.Log[0].Commits);
    }

    [Fact]
    public async Task Lag_UnreadRecords_AreCounted()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppliedAsync();
        harness.Grains.OnApply = _ => Task.FromResult(CallFault.FailBefore);
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.FailureAsync();
        Assert.Equal(3, harness.Service.Lag);
        harness.Grains.OnApply = _ => Task.FromResult(CallFault.None);
        await harness.SettleAsync();
        Assert.Equal(0, harness.Service.Lag);
    }

    /// <summary>The batch before the bad place succeeds at every replay; that must not make the waits short again.</summary>
    [Fact]
    public async Task Retry_BatchBehindAGoodOneFails_WaitsDoubleToTheBoundAndBeginAnewAfterwards()
    {
        await using var harness = await IngestHarness.StartedAsync(options: new IngestOptions
        {
            BatchRecordsMax = 1,
            CheckpointIntervalSeconds = 300,
            RetryDelaySeconds = 0.5,
            RetryDelaySecondsMax = 3,
        });
        harness.Grains.OnApply = name => Task.FromResult(name == GrainModels.User("bob") ? CallFault.FailBefore : CallFault.None);
        await harness.AppendAsync(Events.View("1", "ann", "cup"), Events.View("2", "bob", "cup"));
        await harness.PumpAsync(() => harness.Timers.Waits.Count == 5, "five failures", TimeSpan.FromMilliseconds(100));
        harness.Grains.OnApply = _ => Task.FromResult(CallFault.None);
        await harness.PumpAsync(() => harness.Service is { Lag: 0, Failures.Count: 0 }, "the recovery", TimeSpan.FromMilliseconds(100));
        await harness.SettleAsync();
        harness.Grains.OnApply = _ => Task.FromResult(CallFault.FailBefore);
        await harness.AppendAsync(Events.View("3", "ann", "cup"));
        await harness.PumpAsync(() => harness.Timers.Waits.Count == 6, "one more failure", TimeSpan.Zero);
        Assert.Equal([0.5, 1, 2, 3, 3, 0.5], harness.Timers.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task Failure_ReadFailsOnceOnAQuietLog_IsOverWithoutANewEvent()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.SettleAsync();
        await harness.AppliedAsync();
        var reads = 0;
        harness.Log.OnRead = _ => ++reads == 1 ? Fault.Before : Fault.None;
        harness.Log[0].Wake();
        Assert.Contains("read was made to fail", await harness.FailureAsync(), StringComparison.Ordinal);
        await harness.PumpAsync(() => harness.Service.Failures.Count == 0, "the recovery", TimeSpan.FromMilliseconds(50));
        Assert.Equal(3, harness.Log[0].EndOffset);
    }

    [Fact]
    public async Task Failure_RefusedCheckpointOnAQuietLog_IsOverAfterTheNext()
    {
        await using var harness = await IngestHarness.StartedAsync(options: new IngestOptions { CheckpointIntervalSeconds = 5 });
        await harness.AppendAsync(Events.Views("a", 3));
        await harness.AppliedAsync();
        harness.Grains[Ann].Die();
        harness.Time.Advance(TimeSpan.FromSeconds(5));
        await harness.FailureAsync();
        await harness.PumpAsync(
            () => harness.Service.Failures.Count == 0 && harness.Log[0].CommittedOffset == 3, "the next checkpoint", TimeSpan.FromMilliseconds(100));
        harness.AssertExact();
    }

    private static (Task Asked, TaskCompletionSource Answer) HoldCommits(InMemoryEventLog log)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        log.BeforeCommit = _ =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        return (asked.Task, answer);
    }
}
