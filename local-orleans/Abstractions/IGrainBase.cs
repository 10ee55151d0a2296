using Orleans.Runtime;

namespace Orleans;

/// <summary>What the host calls on a grain object.</summary>
public interface IGrainBase
{
    /// <summary>The activation.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Called before the first call, after persistent state was read.</summary>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Called after the last call.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
