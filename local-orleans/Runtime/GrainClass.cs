using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Local;

/// <summary>What the host knows about a class of grains, and its activations.</summary>
internal sealed class GrainClass
{
    private readonly ObjectFactory _create;
    private readonly Facet[] _facets;

    public GrainClass(Type type, LocalGrainRuntime runtime)
    {
        Type = type;
        Runtime = runtime;
        GrainType = GrainType.Create(NameOf(type));
        KeepAlive = type.IsDefined(typeof(KeepAliveAttribute), inherit: true);
        if (type.GetCustomAttribute<StatelessWorkerAttribute>() is { } worker)
        {
            MaxWorkers = worker.MaxLocalWorkers > 0 ? worker.MaxLocalWorkers : Environment.ProcessorCount;
        }

        Directory = MaxWorkers > 0 ? new WorkerDirectory(this) : new SingleDirectory(this);
        _facets = [.. FacetsOf(type)];
        _create = ActivatorUtilities.CreateFactory(type, [.. _facets.Select(facet => facet.Parameter)]);
    }

    public Type Type { get; }

    public LocalGrainRuntime Runtime { get; }

    public GrainType GrainType { get; }

    public bool KeepAlive { get; }

    /// <summary>Activations of one id at most; 0 for ordinary grains, which have one.</summary>
    public int MaxWorkers { get; }

    public ActivationDirectory Directory { get; }

    /// <summary>The storages that the class asks for, with the states that it keeps there.</summary>
    public IEnumerable<(string State, string? Storage)> Storages => _facets.Select(facet => (facet.State, facet.Storage));

    /// <summary>Makes the grain object; called in the activation's first turn.</summary>
    public Grain Create(Activation activation)
    {
        var states = new object[_facets.Length];
        for (var i = 0; i < states.Length; i++)
        {
            var facet = _facets[i];
            states[i] = Activator.CreateInstance(facet.Implementation, facet.State, StorageOf(facet), activation)!;
        }

        return (Grain)_create(activation.ActivationServices, states);
    }

    /// <summary>As Orleans names classes by default: lower case, without arity and the ending "Grain".</summary>
    private static string NameOf(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        const string Suffix = "grain";
        return name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length ? name[..^Suffix.Length] : name;
    }

    private static IEnumerable<Facet> FacetsOf(Type type)
    {
        var constructors = type.GetConstructors();
        if (constructors.Length != 1)
        {
            throw new GrainConfigurationException(
                $"Grain class {type} must have exactly one public constructor; it has {constructors.Length}.");
        }

        foreach (var parameter in constructors[0].GetParameters())
        {
            var isState = parameter.ParameterType.IsGenericType
                && parameter.ParameterType.GetGenericTypeDefinition() == typeof(IPersistentState<>);
            var attribute = parameter.GetCustomAttribute<PersistentStateAttribute>();
            if (isState != (attribute is not null))
            {
                throw new GrainConfigurationException(
                    $"Parameter '{parameter.Name}' of {type}: [PersistentState(...)] belongs on a parameter of type "
                    + "IPersistentState<T>, and there it is required.");
            }

            if (attribute is not null)
            {
                var implementation = typeof(PersistentState<>).MakeGenericType(parameter.ParameterType.GetGenericArguments());
                yield return new Facet(parameter.ParameterType, implementation, attribute.StateName, attribute.StorageName);
            }
        }
    }

    private IGrainStorage StorageOf(Facet facet) =>
        Runtime.FindStorage(facet.Storage) ?? throw new GrainConfigurationException(MissingStorage(facet.State, facet.Storage));

    public string MissingStorage(string state, string? storage) =>
        $"Grain class {Type} keeps state '{state}' in storage '{storage ?? "(default)"}', and no IGrainStorage is registered under that key. "
        + $"Add one, for example services.AddMemoryGrainStorage(\"{storage ?? LocalGrainRuntime.DefaultStorage}\").";

    private sealed record Facet(Type Parameter, Type Implementation, string State, string? Storage);
}
