using Reco.GrainInterfaces;
using Reco.Silo.Ingest;
using Reco.Testing;

namespace Reco.Silo.Tests.Ingest;

public sealed class CallWindowTests
{
    private readonly CallWindow _window = new(2);
    private readonly TaskCompletionSource<ApplyOutcome> _first = new();
    private readonly TaskCompletionSource<ApplyOutcome> _second = new();
    private readonly TaskCompletionSource<ApplyOutcome> _third = new();

    [Fact]
    public async Task AddAsync_WindowFull_WaitsForTheOldest()
    {
        await _window.AddAsync(_first.Task);
        await _window.AddAsync(_second.Task);
        var adding = _window.AddAsync(_third.Task).AsTask();
        _second.SetResult(ApplyOutcome.Applied);
        Assert.False(adding.IsCompleted);
        _first.SetResult(ApplyOutcome.Applied);
        await adding.Within("adding");
        _third.SetResult(ApplyOutcome.Applied);
        await _window.DrainAsync().AsTask().Within("draining");
    }

    [Fact]
    public async Task DrainAsync_SomeQuarantined_AnswersHowMany()
    {
        await _window.AddAsync(Task.FromResult(ApplyOutcome.Quarantined));
        await _window.AddAsync(Task.FromResult(ApplyOutcome.Applied));
        await _window.AddAsync(Task.FromResult(ApplyOutcome.Quarantined));
        Assert.Equal(2, await _window.DrainAsync());
        Assert.Equal(0, await _window.DrainAsync());
    }

    [Fact]
    public async Task DrainAsync_OneFails_ThrowsOnlyOnceAllHaveEnded()
    {
        await _window.AddAsync(_first.Task);
        await _window.AddAsync(_second.Task);
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
        await _window.AddAsync(Task.FromException<ApplyOutcome>(new IOException("first")));
        await _window.AddAsync(Task.FromException<ApplyOutcome>(new IOException("second")));
        await _window.AddAsync(Task.FromException<ApplyOutcome>(new IOException("third")));
        var failure = await Assert.ThrowsAsync<GrainCallException>(() => _window.DrainAsync().AsTask());
        Assert.Equal("first", failure.InnerException!.Message);
    }

    [Fact]
    public async Task DrainAsync_MemoryLostEarly_SaysSoAtTheEnd()
    {
        await _window.AddAsync(Task.FromResult(ApplyOutcome.MemoryLost));
        await _window.AddAsync(Task.FromResult(ApplyOutcome.Applied));
        await _window.AddAsync(Task.FromResult(ApplyOutcome.Applied));
        await Assert.ThrowsAsync<MemoryLostException>(() => _window.DrainAsync().AsTask());
    }

    [Fact]
    public async Task DrainAsync_AfterAFailure_IsClean()
    {
        await _window.AddAsync(Task.FromException<ApplyOutcome>(new IOException("x")));
        await _window.AddAsync(Task.FromResult(ApplyOutcome.MemoryLost));
        await Assert.ThrowsAsync<GrainCallException>(() => _window.DrainAsync().AsTask());
        await _window.AddAsync(Task.FromResult(ApplyOutcome.Applied));
        await _window.DrainAsync();
    }

    [Fact]
    public async Task Fail_CallNeverMade_ThrowsItOnceTheOthersHaveEnded()
    {
        await _window.AddAsync(_first.Task);
        _window.Fail(new IOException("no call"));
        var draining = _window.DrainAsync().AsTask();
        Assert.False(draining.IsCompleted);
        _first.SetResult(ApplyOutcome.Applied);
        Assert.Equal("no call", (await Assert.ThrowsAsync<GrainCallException>(() => draining.Within("draining"))).InnerException!.Message);
    }

    [Fact]
    public async Task DrainAsync_CancelledCall_IsAFailureLikeAnyOther()
    {
        await _window.AddAsync(Task.FromCanceled<ApplyOutcome>(new CancellationToken(canceled: true)));
        await Assert.ThrowsAsync<GrainCallException>(() => _window.DrainAsync().AsTask());
    }
}
