using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Reco.Silo.Options;

/// <summary>Says at the start with which values the system runs, secrets masked.</summary>
internal sealed partial class EffectiveOptionsLog(
    IEnumerable<OptionsSection> sections, IServiceProvider services, ILogger<EffectiveOptionsLog> logger) : IHostedService
{
    private static readonly string[] SecretWords = ["Key", "Password", "Secret", "Token", "ConnectionString"];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var section in sections)
        {
            LogSection(section.Name, string.Join(", ", Describe(section.Read(services), "")));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal static IEnumerable<string> Describe(object options, string prefix)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanRead && p.CanWrite))
        {
            var name = prefix + property.Name;
            var value = property.GetValue(options);
            if (value is not null && IsNested(property.PropertyType))
            {
                foreach (var inner in Describe(value, name + ":"))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return $"{name}={Shown(property.Name, value)}";
            }
        }
    }

    private static bool IsNested(Type type) =>
        type.IsClass && type != typeof(string) && !typeof(IEnumerable).IsAssignableFrom(type);

    private static string Shown(string name, object? value) => value switch
    {
        null => "(none)",
        "" => "",
        string or IEnumerable when SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)) => "***",
        IEnumerable items and not string => $"[{string.Join(' ', items.Cast<object>())}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "{Section}: {Values}")]
    private partial void LogSection(string section, string values);
}
