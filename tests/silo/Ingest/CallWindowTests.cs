using Reco.GrainInterfaces;
using Reco.Silo.Ingest;
using Reco.Testing;

namespace Reco.Silo.Tests.Ingest;

public sealed class CallWindowTests
{
    private readonly SemaphoreSlim _budget = new(2);
    private readonly CallWindow _window;
    private readonly TaskCompletionSource<ApplyOutcome> _first = new();
    private readonly TaskCompletionSource<ApplyOutcome> _second = new();
    private readonly TaskCompletionSource<ApplyOutcome> _third = new();

    public CallWindowTests() => _window = new CallWindow(_budget);

    [Fact]
    public async Task CallAsync_BudgetSpent_CallsOnceAnyCallHasEnded()
    {
        await AddAsync(_first.Task);
        await AddAsync(_second.Task);
        var calls = 0;
        var calling = _window.CallAsync(
            _ =>
            {
                calls++;
                return _third.Task;
            },
            0).AsTask();
        Assert.Equal((false, 0), (calling.IsCompleted, calls));
        _second.SetResult(ApplyOutcome.Applied);
        await calling.Within("calling");
        Assert.Equal(1, calls);
        _first.SetResult(ApplyOutcome.Applied);
        _third.SetResult(ApplyOutcome.Applied);
        await _window.DrainAsync().AsTask().Within("draining");
        Assert.Equal(2, _budget.CurrentCount);
    }

    [Fact]
    public async Task CallAsync_AnotherWindowSpendsTheBudget_WaitsForIt()
    {
        var other = new CallWindow(_budget);
        await other.CallAsync(static task => task, _first.Task);
        await other.CallAsync(static task => task, _second.Task);
        var adding = AddAsync(_third.Task).AsTask();
        Assert.False(adding.IsCompleted);
        _first.SetResult(ApplyOutcome.Applied);
        await adding.Within("adding");
    }

    [Fact]
    public async Task CallAsync_CallThrowsAtOnce_GivesItsPlaceBackAndIsAFailure()
    {
        await _window.CallAsync<int>(static _ => throw new IOException("no call"), 0);
        Assert.Equal(2, _budget.CurrentCount);
        Assert.Equal("no call", (await Assert.ThrowsAsync<GrainCallException>(() => _window.DrainAsync().AsTask())).InnerException!.Message);
    }

    [Fact]
    public async Task DrainAsync_SomeQuarantined_AnswersHowMany()
    {
        await AddAsync(Task.FromResult(ApplyOutcome.Quarantined));
        await AddAsync(Task.FromResult(ApplyOutcome.Applied));
        await AddAsync(Task.FromResult(ApplyOutcome.Quarantined));
        Assert.Equal(2, await _window.DrainAsync());
        Assert.Equal(0, await _window.DrainAsync());
    }

    [Fact]
    public async Task DrainAsync_OneFails_ThrowsOnlyOnceAllHaveEnded()
    {
        await AddAsync(_first.Task);
        await AddAsync(_second.Task);
        var draining = _window.DrainAsync().AsTask();
        _first.SetException(new TimeoutException("slow"));
        Assert.False(draining.IsCompleted);
        _second.SetResult(ApplyOutcome.Applied);
        var failure = await Assert.ThrowsAsync<GrainCallException>(() => draining.Within("draining"));
        Assert.IsType<TimeoutException>(failure.InnerException);
        Assert.Contains("slow", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DrainAsync_SeveralFail_ThrowsTheFirst()
    {
        await AddAsync(Task.FromException<ApplyOutcome>(new IOException("first")));
        await AddAsync(Task.FromException<ApplyOutcome>(new IOException("second")));
        await AddAsync(Task.FromException<ApplyOutcome>(new IOException("third")));
        var failure = await Assert.ThrowsAsync<GrainCallException>(() => _window.DrainAsync().AsTask());
        Assert.Equal("first", failure.InnerException!.Message);
    }

    [Fact]
    public async Task DrainAsync_MemoryLostEarly_SaysSoAtTheEnd()
    {
        await AddAsync(Task.FromResult(ApplyOutcome.MemoryLost));
        await AddAsync(Task.FromResult(ApplyOutcome.Applied));
        await AddAsync(Task.FromResult(ApplyOutcome.Applied));
        await Assert.ThrowsAsync<MemoryLostException>(() => _window.DrainAsync().AsTask());
    }

    [Fact]
    public async Task DrainAsync_AfterAFailure_IsClean()
    {
        await AddAsync(Task.FromException<ApplyOutcome>(new IOException("x")));
        await AddAsync(Task.FromResult(ApplyOutcome.MemoryLost));
        await Assert.ThrowsAsync<GrainCallException>(() => _window.DrainAsync().AsTask());
        await AddAsync(Task.FromResult(ApplyOutcome.Applied));
        await _window.DrainAsync();
    }

    [Fact]
    public async Task Fail_CallNeverMade_ThrowsItOnceTheOthersHaveEnded()
    {
        await AddAsync(_first.Task);
        _window.Fail(new IOException("no call"));
        var draining = _window.DrainAsync().AsTask();
        Assert.False(draining.IsCompleted);
        _first.SetResult(ApplyOutcome.Applied);
        Assert.Equal("no call", (await Assert.ThrowsAsync<GrainCallException>(() => draining.Within("draining"))).InnerException!.Message);
    }

    [Fact]
    public async Task DrainAsync_CancelledCall_IsAFailureLikeAnyOther()
    {
        await AddAsync(Task.FromCanceled<ApplyOutcome>(new CancellationToken(canceled: true)));
        await Assert.ThrowsAsync<GrainCallException>(() => _window.DrainAsync().AsTask());
    }

    private ValueTask AddAsync(Task<ApplyOutcome> call) => _window.CallAsync(static task => task, call);
}
