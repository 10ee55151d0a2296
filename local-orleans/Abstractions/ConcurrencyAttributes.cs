namespace Orleans.Concurrency;

/// <summary>The method may run between the turns of any other call of the same activation.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>The method does not change state: calls so marked may interleave with each other.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>The grain class may have several activations of one id, none with state worth keeping.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute(int maxLocalWorkers = -1) : Attribute
{
    /// <summary>Activations at most; -1 means one for each processor.</summary>
    public int MaxLocalWorkers { get; } = maxLocalWorkers;
}
