using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Messaging;
using Reco.GrainInterfaces;

namespace Reco.Silo.Cluster;

/// <summary>
/// Sends a call again that was lost with a silo, when its method says that it may be repeated, while the deadline and the budget last.
/// The first repeat goes at once: the silo's grains are activated elsewhere as soon as it is known to be dead.
/// </summary>
internal sealed class RepeatReads(RepeatBudget budget, IOptions<ClusterOptions> options, TimeProvider time) : IOutgoingGrainCallFilter
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(400);

    private readonly ConcurrentDictionary<MethodInfo, bool> _repeatable = new();

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.InterfaceMethod is not { } method || !_repeatable.GetOrAdd(method, m => m.IsDefined(typeof(RepeatableAttribute))))
        {
            await context.Invoke();
            return;
        }

        budget.CountCall();
        var started = time.GetTimestamp();
        var deadline = TimeSpan.FromSeconds(options.Value.GatewayDeadlineSeconds);
        for (var pause = FirstPause; ; pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
        {
            try
            {
                await context.Invoke();
                if (context.Response?.Exception is not { } lost || !IsToBeRepeated(lost, pause))
                {
                    return;
                }
            }
            catch (Exception lost) when (IsToBeRepeated(lost, pause))
            {
                // Repeated below.
            }

            await Task.Delay(pause, time);
        }

        bool IsToBeRepeated(Exception failure, TimeSpan pause) =>
            MayRepeat(failure) && time.GetElapsedTime(started) + pause < deadline && budget.TryTake();
    }

    /// <summary>The call or its answer was lost; not that the grain refused it.</summary>
    private static bool MayRepeat(Exception failure) => failure is TimeoutException or SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException;
}
