using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Elasticsearch;

public sealed class ElasticsearchSearchContractTests : SearchIndexContract, IAsyncLifetime
{
    private ElasticsearchServer? _server;

    public async ValueTask InitializeAsync() => _server = await ElasticsearchServer.StartAsync();

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override Task<ISearchIndex> CreateAsync() => Task.FromResult(_server!.Index);
}

public sealed class ElasticsearchSearchWordsTests : SearchWordsContract, IAsyncLifetime
{
    private ElasticsearchServer? _server;

    public async ValueTask InitializeAsync() => _server = await ElasticsearchServer.StartAsync();

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override Task<ISearchIndex> CreateAsync() => Task.FromResult(_server!.Index);
}
