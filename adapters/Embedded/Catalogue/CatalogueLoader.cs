using Microsoft.Extensions.Hosting;

namespace Reco.Adapters.Embedded.Catalogue;

/// <summary>Loads the catalogue before any other service of the host starts, so that nothing ever sees it empty.</summary>
internal sealed class CatalogueLoader(EmbeddedCatalogue catalogue) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => catalogue.LoadAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
