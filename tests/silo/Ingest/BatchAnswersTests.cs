using Reco.GrainInterfaces;
using Reco.Silo.Ingest;
using Reco.Testing;

namespace Reco.Silo.Tests.Ingest;

public sealed class BatchAnswersTests
{
    private readonly BatchAnswers _answers = new();

    [Fact]
    public async Task AllAsync_NothingAnnounced_IsThereAtOnce() => Assert.Equal(0, await _answers.AllAsync());

    [Fact]
    public async Task AllAsync_SomeQuarantined_AnswersHowManyAndThenIsAsNew()
    {
        Expect(3);
        _answers.Take(ApplyOutcome.Quarantined);
        _answers.Take(ApplyOutcome.Applied);
        _answers.Take(ApplyOutcome.Quarantined);
        Assert.Equal(2, await _answers.AllAsync());
        Assert.Equal(0, await _answers.AllAsync());
    }

    [Fact]
    public async Task AllAsync_OneFails_ThrowsOnlyOnceAllHaveAnswered()
    {
        Expect(2);
        var waiting = _answers.AllAsync().AsTask();
        _answers.Fail(new TimeoutException("slow"));
        Assert.False(waiting.IsCompleted);
        _answers.Take(ApplyOutcome.Applied);
        var failure = await Assert.ThrowsAsync<GrainCallException>(() => waiting.Within("the answers"));
        Assert.IsType<TimeoutException>(failure.InnerException);
        Assert.Contains("slow", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllAsync_SeveralFail_ThrowsTheFirst()
    {
        Expect(2);
        _answers.Fail(new IOException("first"));
        _answers.Fail(new IOException("second"));
        var failure = await Assert.ThrowsAsync<GrainCallException>(() => _answers.AllAsync().AsTask());
        Assert.Equal("first", failure.InnerException!.Message);
    }

    [Fact]
    public async Task AllAsync_MemoryLostEarly_SaysSoAtTheEnd()
    {
        Expect(2);
        _answers.Take(ApplyOutcome.MemoryLost);
        _answers.Take(ApplyOutcome.Applied);
        await Assert.ThrowsAsync<MemoryLostException>(() => _answers.AllAsync().AsTask());
    }

    [Fact]
    public async Task AllAsync_AfterAFailure_IsAsNew()
    {
        Expect(2);
        _answers.Fail(new IOException("x"));
        _answers.Take(ApplyOutcome.MemoryLost);
        await Assert.ThrowsAsync<GrainCallException>(() => _answers.AllAsync().AsTask());
        Expect(1);
        _answers.Take(ApplyOutcome.Applied);
        Assert.Equal(0, await _answers.AllAsync());
    }

    [Fact]
    public async Task Take_FromManyThreads_MissesNone()
    {
        const int Calls = 10_000;
        Expect(Calls);
        var answering = Task.Run(() => Parallel.For(0, Calls, i => _answers.Take(i % 2 == 0 ? ApplyOutcome.Quarantined : ApplyOutcome.Applied)));
        Assert.Equal(Calls / 2, await _answers.AllAsync().AsTask().Within("the answers"));
        await answering;
    }

    private void Expect(int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            _answers.Expect();
        }
    }
}
