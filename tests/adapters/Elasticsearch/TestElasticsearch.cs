using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Elasticsearch;
using Reco.Adapters.Elasticsearch.Http;
using Reco.Testing.Elasticsearch;

namespace Reco.Adapters.Tests.Elasticsearch;

/// <summary>An adapter on a server, with retries that do not make a test wait.</summary>
internal sealed class TestElasticsearch : IDisposable
{
    public TestElasticsearch(string url, Action<ElasticsearchOptions>? configure = null, TimeProvider? time = null)
    {
        Options = new ElasticsearchOptions { Url = url, RetryDelayMs = 1, RetryDelayMaxMs = 5, SearchTimeoutSeconds = 30 };
        configure?.Invoke(Options);
        Assert.Empty(new ElasticsearchOptionsValidator().Validate(null, Options).Failures ?? []);
        var clock = time ?? TimeProvider.System;
        Client = new ElasticsearchClient(Options, clock, NullLogger<ElasticsearchClient>.Instance);
        Index = new ElasticsearchSearchIndex(Client, Microsoft.Extensions.Options.Options.Create(Options), clock);
        Builder = new ElasticsearchIndexBuilder(Client, Microsoft.Extensions.Options.Options.Create(Options), clock);
    }

    public ElasticsearchOptions Options { get; }

    public ElasticsearchClient Client { get; }

    public ElasticsearchSearchIndex Index { get; }

    public ElasticsearchIndexBuilder Builder { get; }

    public void Dispose()
    {
        Index.Dispose();
        Client.Dispose();
    }

    public static bool IsSearch(StubRequest request) => request.Path.EndsWith("/_search", StringComparison.Ordinal);

    public static bool IsBulk(StubRequest request) => request.Path.EndsWith("/_bulk", StringComparison.Ordinal);
}
