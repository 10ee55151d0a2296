using System.CommandLine;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Reco.Core.Catalogue;
using Reco.Deploy.Tests.Compose;
using Reco.Silo.Commands;
using Reco.Silo.Hosting;
using Reco.Silo.Ingest;
using Reco.Workload.Commands;

namespace Reco.Deploy.Tests.Settings;

/// <summary>What the deployment's files have to agree with: the settings, routes, commands and meters of the system that they start.</summary>
internal sealed class RecoSystem : IAsyncDisposable
{
    private readonly WebApplication _app;

    /// <summary>Put together with the settings that compose gives a silo, so that all that they switch on is there; not started.</summary>
    public RecoSystem()
    {
        _app = RecoApplication.Build(ComposeSettings.OfSilo(ComposeFile.Load()));
        Settings = new KnownSettings(_app);
        Routes = ((IEndpointRouteBuilder)_app).DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'))
            .ToHashSet(StringComparer.Ordinal);
    }

    public IServiceProvider Services => _app.Services;

    public KnownSettings Settings { get; }

    public IReadOnlySet<string> Routes { get; }

    /// <summary>Names of the meters' instruments as Prometheus has them.</summary>
    public static IReadOnlySet<string> PrometheusNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => names.Add(instrument.Name.Replace('.', '_')) };
        listener.Start();
        using var metrics = new IngestMetrics();
        metrics.ObserveLag(() => []);
        return names;
    }

    /// <summary>What the command line of an image says against its arguments; an image is named after its target in the Dockerfile.</summary>
    public static IEnumerable<string> ArgumentFaults(string target, IReadOnlyList<string> arguments)
    {
        var program = target == "generator" ? Workload() : Silo();
        return program.Parse([.. arguments]).Errors.Select(error => error.Message);
    }

    /// <summary>Settings that the arguments set besides.</summary>
    public static IEnumerable<(string Key, string Value)> SettingsIn(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i + 1 < arguments.Count; i++)
        {
            if (arguments[i] == "--set" && arguments[i + 1].Split('=', 2) is [var key, var value])
            {
                yield return (key, value);
            }
        }
    }

    /// <summary>The port that a silo or gateway with these arguments listens on; null when it does not say, and so listens to itself alone.</summary>
    public static int? PortIn(IReadOnlyList<string> arguments) =>
        SettingsIn(arguments).LastOrDefault(setting => setting.Key == "urls").Value is { } url && Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            && parsed.Host == "0.0.0.0"
                ? parsed.Port
                : null;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Command Silo() => new("reco") { UpCommand.Create(), GatewayCommand.Create(), HealthCommand.Create() };

    private static Command Workload() => RecoCommand.Create(new CommandContext
    {
        Console = CommandContext.ConsoleOver(TextWriter.Null),
        Error = CommandContext.ConsoleOver(TextWriter.Null),
        Time = TimeProvider.System,
        Products = () => SeededCatalogue.Generate(),
        AdminKey = null,
    });
}
