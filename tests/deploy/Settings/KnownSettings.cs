using System.Collections;
using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reco.Silo.Options;

namespace Reco.Deploy.Tests.Settings;

/// <summary>
/// Every setting that the system reads, found in its assemblies: options classes with a Section constant, options that the host registers under a
/// section, keys that are constants ("Redis:Endpoint"), and what appsettings.json has.
/// </summary>
internal sealed partial class KnownSettings
{
    private readonly Dictionary<string, HashSet<Type>> _sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _keys = new(StringComparer.OrdinalIgnoreCase) { WebHostDefaults.ServerUrlsKey };

    public KnownSettings(WebApplication app)
    {
        foreach (var section in app.Services.GetServices<OptionsSection>())
        {
            Add(section.Name, section.Read(app.Services).GetType());
        }

        foreach (var type in Assemblies().SelectMany(assembly => assembly.GetTypes()))
        {
            foreach (var (name, value) in Constants(type))
            {
                if (name == "Section" && type.Name.EndsWith("Options", StringComparison.Ordinal))
                {
                    Add(value, type);
                }
                else if (KeyPattern().IsMatch(value))
                {
                    _keys.Add(value);
                }
            }
        }

        var file = new ConfigurationBuilder().AddJsonFile(Path.Combine(DeployFiles.Root, "silo/appsettings.json")).Build();
        _keys.UnionWith(file.AsEnumerable().Select(pair => pair.Key));
    }

    /// <summary>The name of a setting in the environment.</summary>
    public static string KeyOf(string variable) => variable.Replace("__", ":", StringComparison.Ordinal);

    /// <summary>What is wrong with a setting; null when there is one of the name and it takes the value. A null value is not looked at.</summary>
    public string? FaultOf(string key, string? value)
    {
        if (_keys.Contains(key))
        {
            return null;
        }

        var parts = key.Split(':');
        if (!_sections.TryGetValue(parts[0], out var types))
        {
            return $"no options have a section '{parts[0]}' ({key})";
        }

        var target = types.Select(type => TypeAt(type, parts.AsSpan(1))).FirstOrDefault(type => type is not null);
        return target is null ? $"no options have a setting '{key}'"
            : value is null || Takes(target, value) ? null
            : $"{key} is a {target.Name} and does not take '{value}'";
    }

    private static IEnumerable<Assembly> Assemblies() =>
        new[] { "Reco.Core", "Reco.GrainInterfaces", "Reco.Grains", "Reco.Adapters", "Reco.ClientApi", "Reco.Workload", "Reco.Silo" }.Select(Assembly.Load);

    private static IEnumerable<(string Name, string Value)> Constants(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(field => field.IsLiteral && field.FieldType == typeof(string))
            .Select(field => (field.Name, (string)field.GetRawConstantValue()!));

    /// <summary>The type of what the path names, step by step; null when a step is missing, or the path ends before a value.</summary>
    private static Type? TypeAt(Type type, ReadOnlySpan<string> path)
    {
        var here = Nullable.GetUnderlyingType(type) ?? type;
        if (path.IsEmpty)
        {
            return TypeDescriptor.GetConverter(here).CanConvertFrom(typeof(string)) ? here : null;
        }

        if (here != typeof(string) && typeof(IEnumerable).IsAssignableFrom(here))
        {
            return int.TryParse(path[0], out _) && here.IsGenericType ? TypeAt(here.GetGenericArguments()[^1], path[1..]) : null;
        }

        var property = here.GetProperty(path[0], BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase);
        return property is { CanWrite: true } ? TypeAt(property.PropertyType, path[1..]) : null;
    }

    private static bool Takes(Type type, string value)
    {
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
            return true;
        }
        catch (Exception refused) when (refused is FormatException or ArgumentException or InvalidCastException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    private void Add(string section, Type type)
    {
        if (!_sections.TryGetValue(section, out var types))
        {
            _sections[section] = types = [];
        }

        types.Add(type);
    }

    [GeneratedRegex("^[A-Z][A-Za-z]*(:[A-Z][A-Za-z]*)+$")]
    private static partial Regex KeyPattern();
}
