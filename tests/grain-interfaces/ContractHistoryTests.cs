using System.Reflection;
using Orleans;

namespace Reco.GrainInterfaces.Tests;

/// <summary>
/// Contracts only grow: in a rolling update silos of two releases talk to each other. contracts.txt is what the last release sends; a
/// member of it that is renumbered, removed or given another type breaks the silos that still run it. New lines are added with new members.
/// </summary>
public sealed class ContractHistoryTests
{
    [Fact]
    public void Contracts_OfTheLastRelease_KeepTheirNumbersAndTypes()
    {
        var released = Released();
        var now = Describe().ToHashSet();
        Assert.NotEmpty(released);
        Assert.All(released, line => Assert.Contains(line, now));
    }

    [Fact]
    public void Contracts_OfNow_AreAllWrittenDown() => Assert.Empty(Describe().Except(Released()));

    private static string[] Released() => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "contracts.txt"));

    /// <summary>One line a member (alias, number, type), and one a method (alias of the interface, of the method).</summary>
    private static IEnumerable<string> Describe()
    {
        var types = typeof(IUserGrain).Assembly.GetTypes().Where(type => type.IsDefined(typeof(AliasAttribute))).ToList();
        var members =
            from type in types
            from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            let id = property.GetCustomAttribute<IdAttribute>()
            where id is not null
            select $"{Alias(type)} {id.Id} {NameOf(property.PropertyType)}";
        var methods =
            from type in types
            from method in type.GetMethods()
            where method.IsDefined(typeof(AliasAttribute))
            select $"{Alias(type)}.{Alias(method)}({string.Join(", ", method.GetParameters().Select(p => NameOf(p.ParameterType)))}) {NameOf(method.ReturnType)}";
        return members.Concat(methods).Order(StringComparer.Ordinal);
    }

    private static string Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()!.Alias;

    private static string NameOf(Type type) => type switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } inner => $"{NameOf(inner)}?",
        { IsArray: true } => $"{NameOf(type.GetElementType()!)}[]",
        { IsGenericType: true } => $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>",
        _ => type.IsDefined(typeof(AliasAttribute)) ? Alias(type) : type.Name,
    };
}
