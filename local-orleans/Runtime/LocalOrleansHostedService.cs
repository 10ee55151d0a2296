using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans.Local;

/// <summary>Checks the grain classes at start, collects idle activations, and deactivates all of them at the end.</summary>
internal sealed class LocalOrleansHostedService(LocalGrainRuntime runtime) : IHostedService, IDisposable
{
    private ITimer? _collector;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var options = runtime.Options;
        var classes = runtime.Registry.Classes.Count;
        runtime.EnterPhase(LocalGrainRuntime.Phase.Running);
        _collector = runtime.Clock.CreateTimer(_ => Collect(), null, options.CollectionInterval, options.CollectionInterval);
        HostLog.Started(runtime.Logger, classes, options.ResponseTimeout, options.CollectionAge, options.StopTimeout);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _collector?.Dispose();
        runtime.EnterPhase(LocalGrainRuntime.Phase.Stopping);
        HostLog.Stopping(runtime.Logger, runtime.Activations.Count());
        using var deadline = new CancellationTokenSource(runtime.Options.StopTimeout, runtime.Clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await DeactivateAllAsync(patience.Token);
            HostLog.Stopped(runtime.Logger);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            HostLog.StoppedLate(runtime.Logger, runtime.Activations.Count());
        }

        runtime.EnterPhase(LocalGrainRuntime.Phase.Stopped);
        runtime.GiveUp();
        runtime.InFlight.RefuseAll(call => new SiloUnavailableException($"The grain host stopped before {call.Method} was answered."));
    }

    public void Dispose() => _collector?.Dispose();

    /// <summary>In rounds, because a grain that says farewell may call, and so activate, another.</summary>
    private async Task DeactivateAllAsync(CancellationToken cancellationToken)
    {
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The host stops.");
        while (runtime.Activations.ToArray() is { Length: > 0 } left)
        {
            var width = new ParallelOptions
            {
                MaxDegreeOfParallelism = runtime.Options.MaxConcurrentDeactivations,
                CancellationToken = cancellationToken,
            };
            await Parallel.ForEachAsync(left, width, async (activation, patience) =>
            {
                activation.Deactivate(reason, patience);
                await activation.Deactivated.WaitAsync(patience);
            });
        }
    }

    private void Collect()
    {
        var age = runtime.Options.CollectionAge;
        var idle = runtime.Activations
            .Where(activation => !activation.Class.KeepAlive && activation.IdleFor >= age && activation.Load == 0)
            .ToArray();
        if (idle.Length > 0)
        {
            HostLog.Collecting(runtime.Logger, idle.Length);
        }

        foreach (var activation in idle)
        {
            activation.DeactivateIfIdle(age);
        }
    }
}
