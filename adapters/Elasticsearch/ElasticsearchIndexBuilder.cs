using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Reco.Adapters.Elasticsearch.Bulk;
using Reco.Adapters.Elasticsearch.Http;
using Reco.Adapters.Elasticsearch.Indices;
using Reco.Core.Ports;

namespace Reco.Adapters.Elasticsearch;

/// <summary>Generations of the product index in Elasticsearch: one index each, the alias on the published one.</summary>
public sealed class ElasticsearchIndexBuilder(ElasticsearchClient client, IOptions<ElasticsearchOptions> options, TimeProvider time)
    : ISearchIndexBuilder
{
    private const int ScanPage = 5_000;

    private readonly ProductIndices _indices = new(client, options.Value, time);
    private readonly BulkWriter _bulk = new(client, options.Value, time);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SearchGeneration>> ListAsync(CancellationToken cancellationToken) => _indices.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<SearchGeneration> CreateAsync(string state, CancellationToken cancellationToken) =>
        _indices.CreateAsync(state, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RefusedProduct>> WriteAsync(
        string generation, IReadOnlyList<IndexedProduct> products, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(products);
        var buffer = new BulkBuffer();
        var report = new BulkReport();
        foreach (var product in products)
        {
            buffer.Index(product.Product.Id, product, ProductDocument.Write);
            if (_bulk.IsFull(buffer))
            {
                report.Add(await _bulk.SendAsync(generation, mustBeAlias: false, visible: false, buffer, cancellationToken));
            }
        }

        report.Add(await _bulk.SendAsync(generation, mustBeAlias: false, visible: false, buffer, cancellationToken));
        if (report.Refused > report.Refusals.Count)
        {
            throw new ElasticsearchException(
                $"{report.Refused} of {products.Count} products were refused, the first {report.Refusals[0].Id}: {report.Refusals[0].Reason}",
                System.Net.HttpStatusCode.BadRequest);
        }

        return [.. report.Refusals.Select(refusal => new RefusedProduct(refusal.Id, refusal.Reason))];
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string generation, IReadOnlyList<string> productIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(productIds);
        var buffer = new BulkBuffer();
        foreach (var id in productIds)
        {
            buffer.Delete(id);
            if (_bulk.IsFull(buffer))
            {
                await SendAsync();
            }
        }

        await SendAsync();

        async Task SendAsync()
        {
            var report = await _bulk.SendAsync(generation, mustBeAlias: false, visible: false, buffer, cancellationToken);
            report.ThrowIfRefused();
        }
    }

    /// <inheritdoc/>
    public Task SaveStateAsync(string generation, string state, CancellationToken cancellationToken) =>
        _indices.SaveStateAsync(generation, state, cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountAsync(string generation, CancellationToken cancellationToken) => _indices.CountAsync(generation, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>By search_after on the id, which reaches as far as there are products; from and size end at 10,000.</remarks>
    public async IAsyncEnumerable<IndexedProduct> ReadAllAsync(
        string generation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        while (true)
        {
            var body = new JsonObject
            {
                ["size"] = ScanPage,
                ["query"] = new JsonObject { ["match_all"] = new JsonObject() },
                ["sort"] = new JsonArray(new JsonObject { [ProductMapping.ProductId] = "asc" }),
                ["track_total_hits"] = false,
            };
            if (after is not null)
            {
                body["search_after"] = new JsonArray(after);
            }

            var answer = await client.SendAsync(HttpMethod.Post, $"{generation}/_search", body, cancellationToken);
            var hits = answer.GetProperty("hits").GetProperty("hits");
            foreach (var hit in hits.EnumerateArray())
            {
                var product = ProductDocument.ReadIndexed(hit.GetProperty("_source"));
                after = product.Product.Id;
                yield return product;
            }

            if (hits.GetArrayLength() < ScanPage)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public Task PublishAsync(string generation, CancellationToken cancellationToken) => _indices.PublishAsync(generation, cancellationToken);

    /// <inheritdoc/>
    public Task DropAsync(string generation, CancellationToken cancellationToken) => _indices.DropAsync(generation, cancellationToken);
}
