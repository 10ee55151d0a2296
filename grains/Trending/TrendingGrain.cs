using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reco.Core.Ports;
using Reco.Core.Trending;
using Reco.GrainInterfaces;
using Reco.Grains.State;

namespace Reco.Grains.Trending;

/// <summary>Holds the last report of every product and ranks them at stream time.</summary>
public sealed partial class TrendingGrain(
    [PersistentState("board", GrainStorageNames.Grains)] IPersistentState<EncodedState> state,
    IStreamClock clock,
    ICatalogue catalogue,
    IOptions<TrendingOptions> trending,
    IOptions<PopularityOptions> popularity,
    ILogger<TrendingGrain> logger)
    : Grain, ITrendingGrain
{
    private readonly EncodedRecord _record = new(state);
    private TrendingBoard _board = new();
    private bool _dirty;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await _record.TakeAsync() is { } bytes)
        {
            try
            {
                _board = TrendingBoard.Decode(bytes);
            }
            catch (InvalidDataException failure)
            {
                // The rows are copies of what the products' grains keep, which send them again.
                LogDamaged(failure);
            }
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => FlushAsync();

    public Task ReportAsync(ProductReport report)
    {
        _dirty |= _board.Replace(new TrendingRow
        {
            ProductId = report.ProductId,
            ReferenceTimeMs = report.ReferenceTimeMs,
            Short = report.Short,
            Long = report.Long,
            Popularity = report.Popularity,
            Counts = report.Totals.ToArray(),
            Revenue = report.Revenue,
        });
        return Task.CompletedTask;
    }

    public async Task FlushAsync()
    {
        if (_dirty)
        {
            await _record.WriteAsync(_board.Encode());
            _dirty = false;
        }
    }

    public Task<RankedProduct[]> GetTopAsync(TopQuery query)
    {
        Predicate<string>? filter = query.Category is null ? null : InCategory;
        var top = query.Kind == TopKind.Trending
            ? _board.Top(clock.NowMs, query.Limit, trending.Value, filter)
            : _board.TopPopular(clock.NowMs, query.Limit, popularity.Value, filter);
        return Task.FromResult(Array.ConvertAll(top, ranked => RankedProducts.Describe(catalogue, ranked.ProductId, ranked.Score)));

        bool InCategory(string productId) =>
            catalogue.TryGet(productId, out var product)
            && string.Equals(product.Category, query.Category, StringComparison.OrdinalIgnoreCase);
    }

    public Task<ShopStats> GetShopStatsAsync()
    {
        var totals = _board.Totals();
        return Task.FromResult(new ShopStats
        {
            Products = totals.Products,
            Totals = totals.Counts.Length == 0 ? default : EventCounts.From(totals.Counts),
            Revenue = totals.Revenue,
            StreamTime = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs),
        });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The board of trends cannot be read; it starts empty, and fills again as its products are active")]
    private partial void LogDamaged(Exception failure);
}
