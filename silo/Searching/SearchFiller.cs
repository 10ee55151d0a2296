using Reco.Adapters.Elasticsearch;
using Reco.Core.Ports;

namespace Reco.Silo.Searching;

/// <summary>
/// Fills Elasticsearch from the catalogue where there is no database to fill it from: at the start, and after changes that it could not be told
/// of. Always as a whole, into an index of its own, so that what was removed meanwhile is gone too.
/// </summary>
internal sealed partial class SearchFiller(
    FallbackSearch search, ISearchIndexBuilder index, ICatalogue catalogue, TimeProvider time, ILogger<SearchFiller> logger) : BackgroundService
{
    private const int BatchProducts = 2_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Fills it once; false when the catalogue changed meanwhile in a way that Elasticsearch was not told of.</summary>
    public async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        var skipped = search.Skipped;
        var products = catalogue.Products;
        var generation = await index.CreateAsync("", cancellationToken);
        for (var first = 0; first < products.Count; first += BatchProducts)
        {
            IndexedProduct[] batch = [.. products.Skip(first).Take(BatchProducts).Select(product => new IndexedProduct(product, 0))];
            foreach (var refused in await index.WriteAsync(generation.Name, batch, cancellationToken))
            {
                LogRefused(refused.ProductId, refused.Reason);
            }
        }

        await index.PublishAsync(generation.Name, cancellationToken);
        foreach (var old in (await index.ListAsync(cancellationToken)).Where(old => !old.IsPublished))
        {
            await index.DropAsync(old.Name, cancellationToken);
        }

        LogFilled(generation.Name, products.Count);
        return search.CaughtUp(skipped);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                try
                {
                    if (search.IsBehind)
                    {
                        await FillAsync(stoppingToken);
                    }
                }
                catch (ElasticsearchException failure)
                {
                    // The next tick tries again; meanwhile searches are answered by the embedded index.
                    LogFailed(failure.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Elasticsearch index {Index} filled with {Products} products")]
    private partial void LogFilled(string index, int products);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Elasticsearch refused product '{ProductId}': {Reason}")]
    private partial void LogRefused(string productId, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Elasticsearch could not be filled: {Problem}")]
    private partial void LogFailed(string problem);
}
