namespace Orleans.Concurrency;

/// <summary>The method may run between the turns of any other call of the same activation.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>The method does not change state: calls so marked may interleave with each other.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>The grain class may have several activations of one id, none with state worth keeping.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : Attribute
{
    /// <summary>At most one activation for each processor.</summary>
    public StatelessWorkerAttribute()
        : this(-1)
    {
    }

    /// <summary>At most <paramref name="maxLocalWorkers"/> activations; one for each processor when it is not above 0.</summary>
    public StatelessWorkerAttribute(int maxLocalWorkers) => MaxLocalWorkers = maxLocalWorkers;

    internal int MaxLocalWorkers { get; }
}
