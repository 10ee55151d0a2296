using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Reco.Adapters.Elasticsearch.Bulk;
using Reco.Adapters.Elasticsearch.Http;
using Reco.Adapters.Elasticsearch.Indices;
using Reco.Adapters.Elasticsearch.Search;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Elasticsearch;

/// <summary>
/// Search in Elasticsearch, by the rules of the embedded index:
/// <list type="bullet">
/// <item>All words must match, in any field. When no product has them all, the products with the most of them are answered.</item>
/// <item>The last word also matches what begins with it; a word that matches nothing matches what is one typo away.</item>
/// <item>When no word matches anything, words up to two typos away are suggested.</item>
/// <item>Equal scores are in the order of the id, as is everything when the text is blank.</item>
/// </list>
/// Most searches are one request. Only one that finds nothing asks further, three at most: which words are unknown, and how many match together.
/// Safe to use from any thread.
/// </summary>
public sealed class ElasticsearchSearchIndex(ElasticsearchClient client, IOptions<ElasticsearchOptions> options, TimeProvider time)
    : ISearchIndex, IDisposable
{
    private const int LimitMax = 100;
    private const int OffsetMax = 10_000;

    private readonly ElasticsearchOptions _options = options.Value;
    private readonly ProductIndices _indices = new(client, options.Value, time);
    private readonly BulkWriter _bulk = new(client, options.Value, time);
    private readonly SearchPage _page = new(client, options.Value);
    private readonly SemaphoreSlim _ensuring = new(1, 1);
    private volatile bool _ensured;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not 1 to 100, or the offset not 0 to 10,000.</exception>
    /// <exception cref="ElasticsearchException">Elasticsearch did not answer in time, or has no index yet.</exception>
    public async ValueTask<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, LimitMax);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Offset, OffsetMax);
        using var timeout = new CancellationTokenSource(_options.SearchTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            if (string.IsNullOrWhiteSpace(query.Text))
            {
                return await _page.AskAsync(query, null, either.Token);
            }

            var words = QueryWord.Read(query.Text);
            return words.Count == 0
                ? new SearchAnswer { Total = 0, Items = [], Facets = Facets.None }
                : await SearchWordsAsync(query, words, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ElasticsearchException($"A search in Elasticsearch at {_options.Url} took longer than {_options.SearchTimeoutSeconds} s.");
        }
        catch (Exception unexpected) when (unexpected is KeyNotFoundException or InvalidOperationException or FormatException or InvalidDataException)
        {
            // JSON, but not of the shape that the REST API documents: another server's, or an index that somebody else fills.
            throw new ElasticsearchException(
                $"Elasticsearch at {_options.Url} answered a search in another form than expected: {unexpected.Message}", HttpStatusCode.OK, inner: unexpected);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Keeps the popularity of a product that is there already.</remarks>
    /// <exception cref="ElasticsearchException">No answer, or some were refused: the message names the first, and the others were taken.</exception>
    public async ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(products);
        await SendAsync(products, static (buffer, product) => buffer.Merge(product.Id, product, ProductDocument.Write), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(IReadOnlyList<string> productIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(productIds);
        await SendAsync(productIds, static (buffer, id) => buffer.Delete(id), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _ensuring.Dispose();

    private async Task<SearchAnswer> SearchWordsAsync(SearchQuery query, IReadOnlyList<QueryWord> words, CancellationToken cancellationToken)
    {
        var spelt = words.Select(word => Clauses.Word(word, misspelt: false)).ToArray();
        var answer = await _page.AskAsync(query, Clauses.AtLeast(words.Count, Copies(spelt)), cancellationToken);
        if (answer.Total > 0 || answer.Facets.Categories.Count > 0)
        {
            return answer;
        }

        // Nothing has all the words as they are: those that nothing has may be misspelt.
        var counts = await _page.CountEachAsync([.. Copies(spelt)], cancellationToken);
        var clauses = words.Select((word, i) => Clauses.Word(word, misspelt: counts[i] == 0 && word.MayBeMisspelt)).ToArray();
        var most = await _page.MostMatchedAsync([.. Copies(clauses)], cancellationToken);
        return most == 0
            ? answer with { Suggestion = await _page.SuggestAsync(words, cancellationToken) }
            : await _page.AskAsync(query, Clauses.AtLeast(most, Copies(clauses)), cancellationToken);
    }

    /// <summary>A JSON node belongs to one tree.</summary>
    private static IEnumerable<JsonObject> Copies(IEnumerable<JsonObject> clauses) => clauses.Select(clause => clause.DeepClone().AsObject());

    private async Task SendAsync<T>(IReadOnlyList<T> items, Action<BulkBuffer, T> add, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        var buffer = new BulkBuffer();
        var report = new BulkReport();
        for (var i = 0; i < items.Count; i++)
        {
            add(buffer, items[i]);
            var last = i == items.Count - 1;
            if (last || _bulk.IsFull(buffer))
            {
                report.Add(await _bulk.SendAsync(_options.Alias, mustBeAlias: true, visible: last, buffer, cancellationToken));
            }
        }

        report.ThrowIfRefused();
    }

    private async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (_ensured)
        {
            return;
        }

        await _ensuring.WaitAsync(cancellationToken);
        try
        {
            if (!_ensured)
            {
                await _indices.EnsureAsync(cancellationToken);
                _ensured = true;
            }
        }
        finally
        {
            _ensuring.Release();
        }
    }
}
