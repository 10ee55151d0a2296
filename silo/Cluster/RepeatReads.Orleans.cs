using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Runtime.Messaging;
using Reco.GrainInterfaces;

namespace Reco.Silo.Cluster;

/// <summary>
/// Makes the gateway's calls of methods that may be repeated through <see cref="RepeatedCalls"/>. Each attempt is a call of its own that passes all
/// filters, for a filter may go on with the call that it was given only once at a time. So this one comes before all others.
/// </summary>
internal sealed class RepeatReads(RepeatedCalls calls, IServiceProvider services) : IOutgoingGrainCallFilter
{
    private static readonly AsyncLocal<bool> IsAttempt = new();

    private readonly ConcurrentDictionary<MethodInfo, bool> _repeatable = new();

    // Asked for at the first call: making it takes the filters.
    private readonly Lazy<IGrainReferenceRuntime> _grainCalls = new(services.GetRequiredService<IGrainReferenceRuntime>);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (IsAttempt.Value || !IsRepeatable(context.InterfaceMethod) || context is not { Grain: GrainReference grain, Request: IRequest request })
        {
            await context.Invoke();
            return;
        }

        IsAttempt.Value = true;
        context.Result = await calls.AnswerAsync(() => _grainCalls.Value.InvokeMethodAsync<object?>(grain, request, request.Options).AsTask(), IsLost);
    }

    private bool IsRepeatable(MethodInfo? method) => method is not null && _repeatable.GetOrAdd(method, m => m.IsDefined(typeof(RepeatableAttribute)));

    /// <summary>The call or its answer was lost; not that the grain refused it.</summary>
    private static bool IsLost(Exception failure) => failure is TimeoutException or SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException;
}
