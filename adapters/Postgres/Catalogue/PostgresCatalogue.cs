using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Embedded.Catalogue;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Postgres.Catalogue;

/// <summary>
/// The catalogue in PostgreSQL, all of it in memory as well, which follows the changes that any program makes; the search index is told of
/// each. Readers take a snapshot and never wait. While PostgreSQL is away they have what was read last.
/// </summary>
public sealed partial class PostgresCatalogue : ICatalogue, IDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly ISearchIndex _search;
    private readonly PostgresOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<PostgresCatalogue> _logger;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private volatile CatalogueSnapshot _snapshot = CatalogueSnapshot.Empty;
    private ChangeWatermark? _watermark;
    private long _readFullyAt;

    /// <summary>Empty until the first <see cref="FollowAsync"/>.</summary>
    public PostgresCatalogue(
        NpgsqlDataSource source,
        ISearchIndex search,
        IOptions<PostgresOptions> options,
        TimeProvider time,
        ILogger<PostgresCatalogue> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _source = source;
        _search = search;
        _options = options.Value;
        _time = time;
        _logger = logger;
    }

    /// <summary>How much a server's clock may be set back without a change being missed until the next full reading.</summary>
    internal TimeSpan ClockOverlap { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether it was read at least once.</summary>
    public bool IsLoaded { get; private set; }

    /// <inheritdoc/>
    public long Version => _snapshot.Version;

    /// <inheritdoc/>
    public IReadOnlyList<Product> Products => _snapshot.Products;

    /// <inheritdoc/>
    public bool TryGet(string productId, [NotNullWhen(true)] out Product? product) => _snapshot.TryGet(productId, out product);

    /// <summary>Takes in what has changed since the last time; the first time, and now and then, everything is read.</summary>
    /// <exception cref="NpgsqlException">The server is away, or refuses. What was read before stays.</exception>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await FollowAloneAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A product breaks a rule (<see cref="ProductRules"/>); none was taken.</exception>
    /// <exception cref="NpgsqlException">The server is away, or refuses; none was taken, unless the connection broke at the commit.</exception>
    public async ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(products);
        var byId = new Dictionary<string, Product>(StringComparer.Ordinal);
        foreach (var product in products)
        {
            byId[product.Id] = ProductRules.Check(product) is { } fault
                ? throw new ArgumentException($"Product '{product.Id}' cannot be taken: {fault}.", nameof(products))
                : ProductTable.AsStored(product);
        }

        if (byId.Count == 0)
        {
            return;
        }

        // One writer at a time: a reading from before this write must not be taken in after it, or the products would go back for a while.
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (!IsLoaded)
            {
                await FollowAloneAsync(cancellationToken);
            }

            await using (var connection = await _source.OpenConnectionAsync(cancellationToken))
            {
                await ProductTable.UpsertAsync(connection, byId.Values, cancellationToken);
            }

            await ApplyAsync(new CatalogueReading(false, [.. byId.Values], []), cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    private async Task FollowAloneAsync(CancellationToken cancellationToken)
    {
        var watermark = _watermark ?? new ChangeWatermark(ClockOverlap);
        var all = _watermark is null || _time.GetElapsedTime(_readFullyAt) >= TimeSpan.FromMinutes(_options.CatalogueFullReadMinutes);

        // Should anything fail from here on, the next time reads everything.
        _watermark = null;
        var startedAt = _time.GetTimestamp();
        var reading = await CatalogueReading.TakeAsync(_source, watermark, all, cancellationToken);
        await ApplyAsync(reading, cancellationToken);
        _watermark = watermark;
        if (reading.IsFull)
        {
            _readFullyAt = startedAt;
        }

        if (!IsLoaded)
        {
            IsLoaded = true;
            LogLoaded(_snapshot.Products.Count);
        }
    }

    /// <summary>The search first: should it fail, the next reading finds the same difference and tells it again.</summary>
    private async Task ApplyAsync(CatalogueReading reading, CancellationToken cancellationToken)
    {
        var before = _snapshot;
        var products = reading.Products.Where(IsValid).ToList();
        var changed = products.Where(product => !before.TryGet(product.Id, out var known) || known != product).ToList();
        var removed = RemovedBy(reading, products, before);
        if (changed.Count == 0 && removed.Count == 0)
        {
            return;
        }

        if (changed.Count > 0)
        {
            await _search.UpsertAsync(changed, cancellationToken);
        }

        if (removed.Count > 0)
        {
            await _search.RemoveAsync(removed, cancellationToken);
        }

        var byId = before.Products.ToDictionary(product => product.Id, StringComparer.Ordinal);
        foreach (var product in changed)
        {
            byId[product.Id] = product;
        }

        foreach (var id in removed)
        {
            byId.Remove(id);
        }

        _snapshot = new CatalogueSnapshot(before.Version + 1, byId);
        LogChanged(changed.Count, removed.Count, _snapshot.Version);
    }

    /// <summary>Those that were deleted, those that a full reading does not have, and those that have come to break a rule.</summary>
    private static List<string> RemovedBy(CatalogueReading reading, List<Product> valid, CatalogueSnapshot before)
    {
        var kept = valid.Select(product => product.Id).ToHashSet(StringComparer.Ordinal);
        var gone = reading.IsFull
            ? before.Products.Select(product => product.Id)
            : reading.Deleted.Concat(reading.Products.Select(product => product.Id));
        return [.. gone.Where(id => !kept.Contains(id) && before.TryGet(id, out _)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Another program may write what the shop's rules forbid; such a product is left out, with one line a product.</summary>
    private bool IsValid(Product product)
    {
        if (ProductRules.Check(product) is not { } fault)
        {
            _refused.Remove(product.Id);
            return true;
        }

        if (_refused.Count < RefusedMax && _refused.Add(product.Id))
        {
            LogRefused(product.Id, fault.ToString());
        }

        return false;
    }

    private const int RefusedMax = 1_000;

    [LoggerMessage(Level = LogLevel.Information, Message = "Catalogue read from PostgreSQL: {Products} products")]
    private partial void LogLoaded(int products);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Catalogue: {Changed} products changed, {Removed} removed, now version {Version}")]
    private partial void LogChanged(int changed, int removed, long version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Product '{ProductId}' in PostgreSQL is left out of the catalogue: {Fault}")]
    private partial void LogRefused(string productId, string fault);
}
