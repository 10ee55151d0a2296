using Orleans.Local;
using Orleans.Local.Invocation;

namespace Orleans.Runtime;

/// <summary>Names a grain and sends calls to it. The host emits a class for each grain interface.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private readonly GrainClass _class;

    private protected GrainReference(GrainClass grainClass, string key)
    {
        _class = grainClass;
        Key = key;
    }

    /// <summary>The grain's id.</summary>
    public GrainId GrainId => new(_class.GrainType, IdSpan.Create(Key));

    internal string Key { get; }

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && other._class == _class && other.Key == Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_class.GrainType, Key);

    /// <inheritdoc/>
    public override string ToString() => $"GrainReference:{GrainId}";

    internal Task Send(VoidGrainCall call)
    {
        _class.Runtime.Send(_class, this, call);
        return call.Result;
    }

    internal Task<TResult> Send<TResult>(GrainCall<TResult> call)
    {
        _class.Runtime.Send(_class, this, call);
        return call.Result;
    }
}
