using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.ClientApi.Tests.Hosting;

/// <summary>Keeps a copy of what was appended.</summary>
internal sealed class FakeLog : IEventLog
{
    public Exception? Failure { get; set; }

    /// <summary>When set, an append waits for it before it is durable.</summary>
    public TaskCompletionSource? Durable { get; set; }

    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<(string Key, byte[] Value)> Appended { get; } = new();

    public int PartitionCount => 4;

    public async ValueTask AppendAsync(IReadOnlyList<LogAppend> records, CancellationToken cancellationToken)
    {
        Asked.TrySetResult();
        if (Durable is { } durable)
        {
            await durable.Task.WaitAsync(cancellationToken);
        }

        if (Failure is { } failure)
        {
            throw failure;
        }

        foreach (var record in records)
        {
            Appended.Enqueue((record.Key, record.Value.ToArray()));
        }
    }

    public Task ConsumeAsync(string group, IPartitionConsumer consumer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}

internal sealed class FakeCatalogue : ICatalogue
{
    private readonly ConcurrentDictionary<string, Product> _products = new();

    public long Version { get; private set; }

    public IReadOnlyList<Product> Products => [.. _products.Values];

    public bool TryGet(string productId, [NotNullWhen(true)] out Product? product) => _products.TryGetValue(productId, out product);

    public ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        foreach (var product in products)
        {
            _products[product.Id] = product;
        }

        Version++;
        return ValueTask.CompletedTask;
    }
}

internal sealed class FakeSearch : ISearchIndex
{
    public SearchQuery? Asked { get; private set; }

    public SearchAnswer Answer { get; set; } = new()
    {
        Total = 41,
        Items = [new SearchHit(Samples.Shoes, 1.5), new SearchHit(Samples.Lamp, 0.5)],
        Facets = new SearchFacets
        {
            Categories = [new FacetCount("sports", 40), new FacetCount("home", 1)],
            Brands = [new FacetCount("Swift", 40)],
            Prices = [new FacetCount("0-25", 1), new FacetCount("50-100", 40)],
        },
    };

    public ValueTask<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        Asked = query;
        return ValueTask.FromResult(Answer);
    }

    public ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask RemoveAsync(IReadOnlyList<string> productIds, CancellationToken cancellationToken) => throw new NotSupportedException();
}
