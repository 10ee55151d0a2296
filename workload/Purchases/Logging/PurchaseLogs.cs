using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Reco.Workload.Commands;

namespace Reco.Workload.Purchases.Logging;

/// <summary>Logs to the console's error stream and to a rolling file; levels follow the configuration file while the process runs.</summary>
internal static class PurchaseLogs
{
    /// <summary>The producer's component; <c>Logging:LogLevel:Reco.Purchases.Producer</c> sets its level.</summary>
    public const string Producer = "Reco.Purchases.Producer";

    /// <summary>The consumer's.</summary>
    public const string Consumer = "Reco.Purchases.Consumer";

    /// <summary>The comparison's.</summary>
    public const string Comparison = "Reco.Purchases.Comparison";

    public static ILoggerFactory Create(IConfiguration configuration)
    {
        var file = new PurchaseLogOptions();
        configuration.GetSection(PurchaseLogOptions.Section).Bind(file);
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(file, new ValidationContext(file), faults, validateAllProperties: true))
        {
            throw new ArgumentFaultException(string.Join(' ', faults.Select(f => f.ErrorMessage)));
        }

        return LoggerFactory.Create(logs =>
        {
            logs.AddConfiguration(configuration.GetSection("Logging"));
            // stdout is for results.
            logs.AddSimpleConsole(line =>
            {
                line.SingleLine = true;
                line.TimestampFormat = "HH:mm:ss ";
                line.ColorBehavior = LoggerColorBehavior.Disabled;
            });
            logs.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            if (file.Path is not null)
            {
                logs.AddProvider(new RollingFileLoggerProvider(file, TimeProvider.System));
            }
        });
    }
}
