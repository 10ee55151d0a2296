using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Reco.Silo.Telemetry;

/// <summary>Sends the meters and traces of the process over OTLP while the host runs. For a host with an endpoint (<see cref="OtlpOptions.IsExported"/>).</summary>
internal sealed class OtlpExport(IOptions<OtlpOptions> options) : IHostedService, IDisposable
{
    private MeterProvider? _meters;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var endpoint = new Uri(options.Value.Endpoint);
        var resource = ResourceBuilder.CreateDefault().AddService("reco");
        _meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Reco.*", "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "System.Runtime")
            .AddOtlpExporter(exporter => exporter.Endpoint = endpoint)
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Reco.*", "Microsoft.AspNetCore", "Microsoft.Orleans.Application")
            .AddOtlpExporter(exporter => exporter.Endpoint = endpoint)
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _meters?.ForceFlush();
        _traces?.ForceFlush();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _meters?.Dispose();
        _traces?.Dispose();
    }
}
