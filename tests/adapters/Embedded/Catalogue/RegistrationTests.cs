using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Reco.Adapters.Embedded.Catalogue;
using Reco.Adapters.Embedded.Search;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.Catalogue;

public sealed class RegistrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddEmbeddedCatalogue_HostStarted_IsLoadedBeforeOtherServicesStart()
    {
        using var host = Build(options => options.SeedProducts = 25, services => services.AddHostedService<SeesCatalogue>());
        await host.StartAsync(Token);
        Assert.Equal(25, host.Services.GetServices<IHostedService>().OfType<SeesCatalogue>().Single().ProductsAtStart);
        Assert.Equal(25, (await host.Services.GetRequiredService<ISearchIndex>().SearchAsync(new SearchQuery(), Token)).Total);
        await host.StopAsync(Token);
    }

    [Fact]
    public void CatalogueOptions_Defaults_AreTheDefaultShop()
    {
        using var host = Build(configure: null);
        var options = host.Services.GetRequiredService<IOptions<CatalogueOptions>>().Value;
        Assert.Equal(1000, options.SeedProducts);
        Assert.Equal(SeededCatalogue.DefaultSeed, options.Seed);
        Assert.Same(host.Services.GetRequiredService<ICatalogue>(), host.Services.GetRequiredService<EmbeddedCatalogue>());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(SeededCatalogue.ProductsMax + 1)]
    public async Task AddEmbeddedCatalogue_SeedProductsOutOfRange_StopsTheStart(int seedProducts)
    {
        using var host = Build(options => options.SeedProducts = seedProducts);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));
        Assert.Contains(nameof(CatalogueOptions.SeedProducts), error.Message, StringComparison.Ordinal);
    }

    private static IHost Build(Action<CatalogueOptions>? configure, Action<IServiceCollection>? more = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        more?.Invoke(builder.Services);
        builder.Services.AddSingleton<IStateStore, MemoryStateStore>().AddEmbeddedSearch().AddEmbeddedCatalogue(configure);
        return builder.Build();
    }

    private sealed class SeesCatalogue(ICatalogue catalogue) : IHostedService
    {
        public int ProductsAtStart { get; private set; } = -1;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            ProductsAtStart = catalogue.Products.Count;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
