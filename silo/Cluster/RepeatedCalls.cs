using Microsoft.Extensions.Options;
using Reco.Silo.Partitions;

namespace Reco.Silo.Cluster;

/// <summary>
/// Sends calls that may be repeated until they are answered: again when one was lost, while deadline and budget last; and a second time beside the first
/// when no answer has come for <see cref="ClusterOptions.GatewayPatienceSeconds"/>. The first answer counts. The second sending is for the calls that
/// were on their way to a silo at its death: nobody tells the caller, and their timeout is far longer than a call takes.
/// (Dean and Barroso, The Tail at Scale, Communications of the ACM 56(2), 2013: hedged requests.)
/// </summary>
internal sealed class RepeatedCalls(IOptions<ClusterOptions> options, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(400);

    /// <summary>For attempts that were lost.</summary>
    public RepeatBudget OfLost { get; } = new(options);

    /// <summary>For attempts that take long; of its own, so that a cluster that stalls leaves enough for what is lost.</summary>
    public RepeatBudget OfLate { get; } = new(options);

    /// <param name="send">Makes one attempt. Two may be under way at a time.</param>
    /// <param name="isLost">Whether an attempt that ended so was lost. Every other end is the answer, also one that throws.</param>
    public async Task<T> AnswerAsync<T>(Func<Task<T>> send, Func<Exception, bool> isLost)
    {
        OfLost.CountCall();
        OfLate.CountCall();
        var started = time.GetTimestamp();
        var deadline = TimeSpan.FromSeconds(options.Value.GatewayDeadlineSeconds);
        var pause = new RetryDelay(FirstPause, PauseMax, time);
        var underWay = new List<Task<T>>(2) { send() };
        while (true)
        {
            if (underWay.Count == 1 && !await IsEndedSoonAsync(underWay[0]) && HasTimeFor(TimeSpan.Zero) && OfLate.TryTake())
            {
                underWay.Add(send());
            }

            var ended = await Task.WhenAny(underWay);
            underWay.Remove(ended);
            if (ended.Exception?.InnerException is not { } failure || !isLost(failure))
            {
                underWay.ForEach(Forget);
                return await ended;
            }

            if (underWay.Count > 0)
            {
                continue;
            }

            if (!HasTimeFor(pause.Next) || !OfLost.TryTake())
            {
                return await ended;
            }

            await pause.WaitAsync(CancellationToken.None);
            underWay.Add(send());
        }

        bool HasTimeFor(TimeSpan wait) => time.GetElapsedTime(started) + wait < deadline;
    }

    /// <summary>Whether an attempt ends, in whichever way, before patience does.</summary>
    private async Task<bool> IsEndedSoonAsync(Task attempt)
    {
        try
        {
            await Task.WhenAny(attempt).WaitAsync(TimeSpan.FromSeconds(options.Value.GatewayPatienceSeconds), time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>What comes of an attempt that lost the race is nobody's concern, its failure included.</summary>
    private static void Forget(Task attempt) =>
        _ = attempt.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
