using Reco.Core.Ports;
using Reco.Testing.Elasticsearch;

namespace Reco.Adapters.Tests.Elasticsearch;

/// <summary>
/// What the contract runs on: the stub, or the server at RECO_TEST_ELASTICSEARCH when that is set ("http://user:password@host:9200"), where each
/// test has an alias of its own and removes its indices.
/// </summary>
internal sealed class ElasticsearchServer : IAsyncDisposable
{
    private const string Variable = "RECO_TEST_ELASTICSEARCH";

    private readonly StubElasticsearch? _stub;
    private readonly TestElasticsearch _elasticsearch;

    private ElasticsearchServer(StubElasticsearch? stub, TestElasticsearch elasticsearch)
    {
        _stub = stub;
        _elasticsearch = elasticsearch;
    }

    public ISearchIndex Index => _elasticsearch.Index;

    public static async Task<ElasticsearchServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } url)
        {
            var stub = await StubElasticsearch.StartAsync();
            return new ElasticsearchServer(stub, new TestElasticsearch(stub.Url));
        }

        var address = new UriBuilder(url);
        var (name, password) = (Uri.UnescapeDataString(address.UserName), Uri.UnescapeDataString(address.Password));
        (address.UserName, address.Password) = ("", "");
        return new ElasticsearchServer(null, new TestElasticsearch(address.Uri.ToString(), options =>
        {
            (options.Username, options.Password) = (name, password);
            options.Alias = $"reco-test-{Guid.NewGuid():N}";
            options.Replicas = 0;
        }));
    }

    public async ValueTask DisposeAsync()
    {
        if (_stub is not null)
        {
            _elasticsearch.Dispose();
            await _stub.DisposeAsync();
            return;
        }

        using (_elasticsearch)
        {
            var client = _elasticsearch.Client;
            foreach (var index in await _elasticsearch.Builder.ListAsync(CancellationToken.None))
            {
                await client.SendAsync(HttpMethod.Delete, index.Name, null, CancellationToken.None);
            }

            await client.FindAsync(HttpMethod.Delete, $"_index_template/reco-{_elasticsearch.Options.Alias}", CancellationToken.None);
        }
    }
}
