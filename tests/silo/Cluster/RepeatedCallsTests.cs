using System.Threading.Channels;
using Reco.Silo.Cluster;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Testing;

namespace Reco.Silo.Tests.Cluster;

public sealed class RepeatedCallsTests
{
    private const int Answer = 17;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);

    private readonly ManualTimeProvider _clock = new();
    private readonly TimerRecorder _timers;
    private readonly Channel<TaskCompletionSource<int>> _attempts = Channel.CreateUnbounded<TaskCompletionSource<int>>();
    private readonly ClusterOptions _options = new();
    private readonly RepeatedCalls _calls;

    public RepeatedCallsTests()
    {
        _timers = new TimerRecorder(_clock);
        _calls = new RepeatedCalls(Microsoft.Extensions.Options.Options.Create(_options), _timers);
    }

    [Fact]
    public async Task Answer_FirstAttemptIsAnswered_NothingIsRepeated()
    {
        var call = Call();
        (await NextAttemptAsync()).SetResult(Answer);

        Assert.Equal(Answer, await call.Within("the answer"));
        Assert.False(_attempts.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Answer_FirstAttemptIsLost_SecondFollowsAfterAPause()
    {
        var call = Call();
        await LoseAsync(await NextAttemptAsync(), FirstPause);
        (await NextAttemptAsync()).SetResult(Answer);

        Assert.Equal(Answer, await call.Within("the answer"));
    }

    [Fact]
    public async Task Answer_NoneWithinPatience_SecondIsSentBesideAndItsAnswerCounts()
    {
        var call = Call();
        var first = await NextAttemptAsync();
        await AdvanceAsync(Patience);
        (await NextAttemptAsync()).SetResult(Answer);

        Assert.Equal(Answer, await call.Within("the answer"));
        first.SetException(new TimeoutException("Long after."));
    }

    [Fact]
    public async Task Answer_NoneWithinPatience_FirstMayStillWin()
    {
        var call = Call();
        var first = await NextAttemptAsync();
        await AdvanceAsync(Patience);
        var second = await NextAttemptAsync();
        first.SetResult(Answer);

        Assert.Equal(Answer, await call.Within("the answer"));
        second.SetException(new InvalidOperationException("Nobody asks any more."));
    }

    [Fact]
    public async Task Answer_OneOfTwoIsLost_TheOtherIsWaitedFor()
    {
        var call = Call();
        var first = await NextAttemptAsync();
        await AdvanceAsync(Patience);
        var second = await NextAttemptAsync();
        second.SetException(new TimeoutException());

        // Its patience: the first is alone again.
        Assert.Equal(Patience, await _timers.NextAsync());
        first.SetResult(Answer);
        Assert.Equal(Answer, await call.Within("the answer"));
        Assert.False(_attempts.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Answer_ARefusal_IsAnAnswer()
    {
        var call = Call();
        (await NextAttemptAsync()).SetException(new InvalidOperationException("No."));

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.Within("the refusal"));
        Assert.False(_attempts.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Answer_EveryAttemptIsLost_EndsByTheDeadlineWithTheLastFailure()
    {
        var call = Call();
        var pauses = new List<TimeSpan>();
        while (!call.IsCompleted)
        {
            var attempt = await NextAttemptAsync();
            Assert.Equal(Patience, await _timers.NextAsync());
            attempt.SetException(new TimeoutException($"Attempt {pauses.Count + 1}."));
            if (await Task.WhenAny(call, _timers.AnyAsync()) != call)
            {
                pauses.Add(await _timers.NextAsync());
                _clock.Advance(pauses[^1]);
            }
        }

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal($"Attempt {pauses.Count + 1}.", failure.Message);
        Assert.Equal([25, 50, 100, 200, 400, 400], pauses.Take(6).Select(pause => pause.TotalMilliseconds));
        Assert.InRange(pauses.Sum(pause => pause.TotalSeconds), _options.GatewayDeadlineSeconds - 0.4, _options.GatewayDeadlineSeconds);
    }

    [Fact]
    public async Task Answer_NoBudgetOfLost_IsNotRepeated()
    {
        while (_calls.OfLost.TryTake())
        {
        }

        var call = Call();
        (await NextAttemptAsync()).SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the failure"));
    }

    [Fact]
    public async Task Answer_NoBudgetOfLate_OnlyLostAttemptsAreRepeated()
    {
        while (_calls.OfLate.TryTake())
        {
        }

        var call = Call();
        var first = await NextAttemptAsync();
        await AdvanceAsync(Patience);
        await LoseAsync(first, FirstPause);
        (await NextAttemptAsync()).SetResult(Answer);

        Assert.Equal(Answer, await call.Within("the answer"));
        Assert.False(_attempts.Reader.TryRead(out _));
    }

    private Task<int> Call() =>
        _calls.AnswerAsync(
            () =>
            {
                var attempt = new TaskCompletionSource<int>();
                Assert.True(_attempts.Writer.TryWrite(attempt));
                return attempt.Task;
            },
            failure => failure is TimeoutException);

    private async Task<TaskCompletionSource<int>> NextAttemptAsync() => await _attempts.Reader.ReadAsync().AsTask().Within("an attempt");

    /// <summary>Waits until the call waits for exactly so long, and lets it pass.</summary>
    private async Task AdvanceAsync(TimeSpan wait)
    {
        Assert.Equal(wait, await _timers.NextAsync());
        _clock.Advance(wait);
    }

    private async Task LoseAsync(TaskCompletionSource<int> attempt, TimeSpan pause)
    {
        attempt.SetException(new TimeoutException());
        while (await _timers.NextAsync() != pause)
        {
            // The patience with that attempt.
        }

        _clock.Advance(pause);
    }
}
