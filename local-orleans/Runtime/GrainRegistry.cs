using System.Collections.Frozen;
using Orleans.Hosting;
using Orleans.Local.Invocation;
using Orleans.Runtime;

namespace Orleans.Local;

/// <summary>Which class serves which interface. Made once, and wrong only with an exception that names the culprit.</summary>
internal sealed class GrainRegistry
{
    private static readonly HashSet<Type> Markers = [typeof(IGrain), typeof(IGrainWithStringKey), typeof(IGrainWithIntegerKey)];
    private readonly FrozenDictionary<Type, Entry> _entries;

    public GrainRegistry(LocalGrainRuntime runtime)
    {
        var options = runtime.Options;
        var types = options.GrainAssemblies.Distinct()
            .SelectMany(assembly => assembly.GetTypes())
            .Concat(options.GrainClasses)
            .Distinct()
            .ToArray();
        Classes = [.. types.Where(IsGrainClass).Select(type => new GrainClass(type, runtime))];
        CheckTypes(types, options.GrainClasses);

        var byInterface = Classes
            .SelectMany(grainClass => InterfacesOf(grainClass.Type).Select(type => (Interface: type, Class: grainClass)))
            .GroupBy(pair => pair.Interface, pair => pair.Class)
            .ToDictionary(group => group.Key, group => group.ToArray());
        var problems = new List<string>();
        foreach (var (type, classes) in byInterface)
        {
            if (classes.Length > 1)
            {
                var names = string.Join(", ", classes.Select(grainClass => grainClass.Type));
                problems.Add($"Grain interface {type} has several grain classes: {names}. One must go.");
            }
        }

        problems.AddRange(types.Where(IsGrainInterface).Where(type => !byInterface.ContainsKey(type)).Select(NoClass));
        problems.AddRange(Classes.SelectMany(MissingStorages));
        if (problems.Count > 0)
        {
            throw new GrainConfigurationException(string.Join(Environment.NewLine, problems));
        }

        _entries = byInterface.ToFrozenDictionary(
            pair => pair.Key, pair => new Entry(pair.Value[0], ReferenceEmitter.FactoryFor(pair.Key)));
    }

    public IReadOnlyList<GrainClass> Classes { get; }

    /// <summary>The class that serves an interface, and how to make a reference to one of its grains.</summary>
    public Entry Find(Type grainInterface) =>
        _entries.TryGetValue(grainInterface, out var entry) ? entry : throw new GrainConfigurationException(NoClass(grainInterface));

    private static bool IsGrainInterface(Type type) =>
        type.IsInterface && !type.ContainsGenericParameters && typeof(IGrain).IsAssignableFrom(type) && !Markers.Contains(type);

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(Grain).IsAssignableFrom(type)
        && InterfacesOf(type).Any();

    private static IEnumerable<Type> InterfacesOf(Type type) => type.GetInterfaces().Where(IsGrainInterface);

    private static string NoClass(Type type) =>
        $"No grain class implements {type}. Pass the assembly of its class to AddLocalOrleans, "
        + $"or add the class to {nameof(LocalOrleansOptions)}.{nameof(LocalOrleansOptions.GrainClasses)}.";

    private static IEnumerable<string> MissingStorages(GrainClass grainClass) =>
        grainClass.Storages
            .Where(wanted => grainClass.Runtime.FindStorage(wanted.Storage) is null)
            .Select(wanted => grainClass.MissingStorage(wanted.State, wanted.Storage));

    private static void CheckTypes(Type[] types, ICollection<Type> named)
    {
        if (named.FirstOrDefault(type => !IsGrainClass(type)) is { } wrong)
        {
            throw new GrainConfigurationException(
                $"{wrong} is no grain class: it must be a concrete class that derives from Grain and implements a grain interface.");
        }

        var twin = types.Where(IsGrainClass)
            .GroupBy(type => type.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1);
        if (twin is not null)
        {
            throw new GrainConfigurationException(
                $"Grain classes {string.Join(", ", twin)} have the same name, and so would their grains. Rename one.");
        }
    }

    internal sealed record Entry(GrainClass Class, Func<GrainClass, string, GrainReference> NewReference);
}
