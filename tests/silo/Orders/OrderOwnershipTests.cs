using Reco.Core.Ports;
using Reco.Silo.Orders;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Testing;

namespace Reco.Silo.Tests.Orders;

/// <summary>Partitions that come and go, and stops, with a batch under way.</summary>
public sealed class OrderOwnershipTests
{
    [Fact]
    public async Task Revoke_BatchUnderWay_IsFinishedAndCommitted()
    {
        await using var harness = new OrderHarness();
        var (called, answer) = Hang(harness);
        await harness.AppendAsync(OrderSinkTests.Buys("p", 3));
        await harness.StartAsync();
        await called.Within("the write");
        var revoked = harness.Log.RevokeAsync(0);
        Assert.False(revoked.IsCompleted);
        answer.SetResult(Fault.None);
        await revoked.Within("revoking");
        Assert.Equal(3, harness.Log[0].CommittedOffset);
        harness.AssertExact();
    }

    [Fact]
    public async Task Revoke_BatchUnderWayThatDoesNotEnd_IsAbandonedAndTheNextOwnerWritesIt()
    {
        await using var harness = await OrderHarness.StartedAsync();
        var (called, _) = Hang(harness);
        await harness.AppendAsync(OrderSinkTests.Buys("p", 3));
        await called.Within("the write");
        var revoked = harness.Log.RevokeAsync(0);
        harness.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(revoked.IsCompleted);
        await harness.PumpAsync(() => revoked.IsCompleted, "revoking", TimeSpan.FromSeconds(0.1));
        await revoked;
        Assert.Empty(harness.Log[0].Commits);
        harness.Store.OnAdd = _ => Task.FromResult(Fault.None);
        await harness.Log.AssignAsync(0);
        await harness.SettleAsync();
        harness.AssertExact();
    }

    [Fact]
    public async Task Revoke_StoreAway_EndsAtOnceAndCommitsWhatWasDone()
    {
        await using var harness = await OrderHarness.StartedAsync();
        await harness.AppendAsync(OrderSinkTests.Buys("p", 3));
        await harness.PumpAsync(() => harness.Sink.Lag == 0, "the orders", TimeSpan.FromMilliseconds(50));
        harness.Store.OnAdd = _ => Task.FromResult(Fault.Before);
        await harness.AppendAsync(OrderSinkTests.Buys("q", 3));
        await harness.PumpAsync(() => harness.Sink.Failures.Count > 0, "the failure", TimeSpan.FromMilliseconds(50));
        await harness.Log.RevokeAsync(0).Within("revoking, the clock standing");
        Assert.Equal(3, harness.Log[0].CommittedOffset);
        Assert.True(harness.Log.Violations.IsEmpty);
    }

    [Fact]
    public async Task Lost_BatchUnderWay_IsGivenUpAndNothingIsCommitted()
    {
        await using var harness = await OrderHarness.StartedAsync();
        await harness.AppendAsync(OrderSinkTests.Buys("p", 3));
        await harness.PumpAsync(() => harness.Sink.Lag == 0, "the orders", TimeSpan.FromMilliseconds(50));
        var (called, _) = Hang(harness);
        await harness.AppendAsync(OrderSinkTests.Buys("q", 3));
        await harness.PumpAsync(() => called.IsCompleted, "the write", TimeSpan.FromMilliseconds(50));
        await harness.Log.LoseAsync(0).Within("losing, the clock standing");
        await harness.Sink.CommitAsync(CancellationToken.None);
        Assert.Empty(harness.Log[0].Commits);
        harness.Store.OnAdd = _ => Task.FromResult(Fault.None);
        await harness.Log.AssignAsync(0);
        await harness.SettleAsync();
        harness.AssertExact();
    }

    [Fact]
    public async Task Lost_CommitUnderWay_IsWaitedFor()
    {
        await using var harness = await OrderHarness.StartedAsync();
        await harness.AppendAsync(OrderSinkTests.Buys("p", 3));
        await harness.PumpAsync(() => harness.Sink.Lag == 0, "the orders", TimeSpan.FromMilliseconds(50));
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Log.BeforeCommit = _ => answer.Task;
        var commit = harness.Sink.CommitAsync(CancellationToken.None);
        var lost = harness.Log.LoseAsync(0);
        await harness.PumpAsync(() => harness.Sink.Partitions == 0, "the worker's end", TimeSpan.Zero);
        Assert.False(lost.IsCompleted);
        answer.SetResult();
        await lost.Within("losing");
        await commit.Within("the commit");
        Assert.Equal(3, harness.Log[0].CommittedOffset);
        Assert.True(harness.Log.Violations.IsEmpty);
    }

    [Fact]
    public async Task Stop_BatchUnderWay_IsFinishedAndCommitted()
    {
        await using var harness = new OrderHarness();
        var (called, answer) = Hang(harness);
        await harness.AppendAsync(OrderSinkTests.Buys("p", 20));
        await harness.StartAsync();
        await called.Within("the write");
        var stopping = harness.StopAsync();
        answer.SetResult(Fault.None);
        await stopping;
        harness.AssertExact();
        Assert.Equal(20, harness.Log[0].CommittedOffset);
    }

    [Fact]
    public async Task Commit_Fails_IsReportedAndTheNextOneMakesItGood()
    {
        await using var harness = await OrderHarness.StartedAsync(options: new OrderSinkOptions { CommitIntervalSeconds = 5 });
        harness.Log.OnCommit = _ => Fault.Before;
        await harness.AppendAsync(OrderSinkTests.Buys("p", 3));
        await harness.PumpAsync(() => harness.Sink.Failures.Count > 0, "the failed commit", TimeSpan.FromSeconds(1));
        Assert.Contains("commit", Assert.Single(harness.Sink.Failures).Value, StringComparison.Ordinal);
        harness.Log.OnCommit = _ => Fault.None;
        await harness.PumpAsync(() => harness.Log[0].CommittedOffset == 3, "the next commit", TimeSpan.FromSeconds(1));
        await harness.PumpAsync(() => harness.Sink.Failures.Count == 0, "health", TimeSpan.Zero);
    }

    [Fact]
    public async Task Group_ShutsTheSiloOut_SaysSoAndJoinsAgain()
    {
        var time = new ManualTimeProvider();
        var log = new ShutOutLog();
        using var metrics = new OrderMetrics();
        using var sink = new OrderSink(
            log, new MemoryOrderStore(), new MemoryDeadLetters(), metrics, Microsoft.Extensions.Options.Options.Create(new OrderSinkOptions()), time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<OrderSink>.Instance);
        await sink.StartAsync(TestContext.Current.CancellationToken);
        await Deadline.Until(() => sink.GroupFailure is not null, "the failure is told");
        Assert.Equal("fenced", sink.GroupFailure);
        await Deadline.Until(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(50));
                return log.Joined.Task.IsCompleted;
            },
            "joining again");
        Assert.Null(sink.GroupFailure);
        await sink.StopAsync(TestContext.Current.CancellationToken);
    }

    private static (Task Called, TaskCompletionSource<Fault> Answer) Hang(OrderHarness harness)
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<Fault>(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Store.OnAdd = _ =>
        {
            called.TrySetResult();
            return answer.Task;
        };
        return (called.Task, answer);
    }

    /// <summary>Refuses the first member, and takes the second.</summary>
    private sealed class ShutOutLog : IEventLog
    {
        private int _members;

        public TaskCompletionSource Joined { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int PartitionCount => 1;

        public ValueTask AppendAsync(IReadOnlyList<LogAppend> records, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async Task ConsumeAsync(string group, IPartitionConsumer consumer, CancellationToken cancellationToken)
        {
            if (_members++ == 0)
            {
                throw new EventLogException("fenced");
            }

            Joined.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }
}
