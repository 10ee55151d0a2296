namespace Orleans.Runtime;

/// <summary>What the host knows about an activation: the part of Orleans' interface that grains use.</summary>
public interface IGrainContext
{
    /// <summary>The grain's id.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object; null before it is made and after it is gone.</summary>
    object? GrainInstance { get; }

    /// <summary>Services of this activation, disposed with it.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation is gone.</summary>
    Task Deactivated { get; }

    /// <summary>Deactivates after the running calls have completed.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
