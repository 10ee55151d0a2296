using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Orleans.Hosting;

/// <summary>A service provider whose hosted services run: a host without configuration, console or signals, for tests and tools.</summary>
public sealed class LocalGrainHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _started = [];

    private LocalGrainHost(ServiceProvider services) => _services = services;

    /// <summary>The services.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Makes references to grains.</summary>
    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    /// <summary>Builds the services and starts the hosted ones in order; those already started stop when one fails.</summary>
    public static async Task<LocalGrainHost> StartAsync(Action<IServiceCollection> configure, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var services = new ServiceCollection();
        configure(services);
        var host = new LocalGrainHost(services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        try
        {
            host._services.GetService<IStartupValidator>()?.Validate();
            foreach (var service in host._services.GetServices<IHostedService>())
            {
                await service.StartAsync(cancellationToken);
                host._started.Add(service);
            }
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        return host;
    }

    /// <summary>Stops the hosted services, last first; a second call does nothing.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        while (_started.Count > 0)
        {
            var service = _started[^1];
            _started.RemoveAt(_started.Count - 1);
            await service.StopAsync(cancellationToken);
        }
    }

    /// <summary>Stops and disposes.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
    }
}
