using Reco.Adapters.Embedded.Search;
using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.Search;

public sealed class EmbeddedSearchContractTests : SearchIndexContract, IDisposable
{
    private readonly EmbeddedSearchIndex _index = new();

    public void Dispose() => _index.Dispose();

    protected override Task<ISearchIndex> CreateAsync()
    {
        Assert.Equal(0, _index.Count);
        return Task.FromResult<ISearchIndex>(_index);
    }
}
