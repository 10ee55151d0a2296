using Reco.Adapters.Embedded.Search;
using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.Search;

public sealed class EmbeddedSearchWordsTests : SearchWordsContract, IDisposable
{
    private readonly EmbeddedSearchIndex _index = new();

    public void Dispose() => _index.Dispose();

    protected override Task<ISearchIndex> CreateAsync() => Task.FromResult<ISearchIndex>(_index);
}
