using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reco.Workload.Purchases.Logging;

namespace Reco.Workload.Commands;

/// <summary>What the purchase commands share: configuration (file, then environment, then flags; the later wins) and logs.</summary>
internal sealed class PurchasesSetup : IDisposable
{
    /// <summary>Environment: RECO_Purchases__Producer__LingerMs=5.</summary>
    private const string EnvironmentPrefix = "RECO_";

    public PurchasesSetup(string? configurationFile, IReadOnlyDictionary<string, string?> flags)
    {
        if (configurationFile is not null && !File.Exists(configurationFile))
        {
            throw new ArgumentFaultException($"--config {configurationFile}: there is no such file.");
        }

        try
        {
            Configuration = (ConfigurationRoot)new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddJsonFile(Path.GetFullPath(configurationFile ?? "purchases.json"), optional: configurationFile is null, reloadOnChange: true)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .AddInMemoryCollection(flags)
                .Build();
        }
        catch (Exception fault) when (fault is InvalidDataException or FormatException)
        {
            throw new ArgumentFaultException($"{configurationFile ?? "purchases.json"} is not valid JSON: {fault.InnerException?.Message ?? fault.Message}");
        }

        Logs = PurchaseLogs.Create(Configuration);
    }

    public ConfigurationRoot Configuration { get; }

    public ILoggerFactory Logs { get; }

    /// <summary>Options with the profile's values underneath. A key that no option has is a mistake, and refused.</summary>
    public T Bind<T>(T options, string section)
        where T : class
    {
        try
        {
            Configuration.GetSection(section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            return options;
        }
        catch (InvalidOperationException fault)
        {
            throw new ArgumentFaultException($"The configuration of {section} is wrong: {fault.Message} {fault.InnerException?.Message}".TrimEnd());
        }
    }

    public void Dispose()
    {
        Logs.Dispose();
        Configuration.Dispose();
    }

    /// <summary>Flags that were not given say nothing.</summary>
    public static Dictionary<string, string?> WithoutNulls(Dictionary<string, string?> flags) =>
        flags.Where(flag => flag.Value is not null).ToDictionary();

    /// <summary>Turns what is wrong with options into a sentence for the user.</summary>
    public static void Require(ValidateOptionsResult result)
    {
        if (result.Failed)
        {
            throw new ArgumentFaultException(string.Join(Environment.NewLine, result.Failures));
        }
    }

    /// <summary>The option that names the configuration file.</summary>
    public static Option<string?> ConfigOption() => new("--config")
    {
        Description = "JSON configuration; by default purchases.json, when it is there. RECO_Purchases__Producer__LingerMs=5 and flags win over it.",
        HelpName = "FILE",
    };
}
