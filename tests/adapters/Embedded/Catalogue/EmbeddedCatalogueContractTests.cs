using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Reco.Adapters.Embedded.Catalogue;
using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.Catalogue;

public sealed class EmbeddedCatalogueContractTests : CatalogueContract
{
    private readonly MemoryStateStore _store = new();

    protected override async Task<ICatalogue> OpenAsync(ISearchIndex search)
    {
        var catalogue = new EmbeddedCatalogue(
            _store, search, Options.Create(new CatalogueOptions { SeedProducts = 0 }), NullLogger<EmbeddedCatalogue>.Instance);
        await catalogue.LoadAsync(Token);
        return catalogue;
    }
}
