using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Catalogue;

/// <summary>
/// The catalogue in memory: seeded, with everything that was put into it kept in the state store, and the search index told of both.
/// Readers take a snapshot and never wait; writers wait for each other.
/// </summary>
public sealed partial class EmbeddedCatalogue : ICatalogue, IDisposable
{
    private readonly ISearchIndex _search;
    private readonly CatalogueOptions _options;
    private readonly ILogger<EmbeddedCatalogue> _logger;
    private readonly CatalogueStorage _storage;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private volatile CatalogueSnapshot _snapshot = CatalogueSnapshot.Empty;
    private bool _loaded;

    /// <summary>Empty until <see cref="LoadAsync"/>.</summary>
    public EmbeddedCatalogue(
        IStateStore store, ISearchIndex search, IOptions<CatalogueOptions> options, ILogger<EmbeddedCatalogue> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _storage = new CatalogueStorage(store);
        _search = search;
        _options = options.Value;
        _logger = logger;
    }

    /// <inheritdoc/>
    public long Version => _snapshot.Version;

    /// <inheritdoc/>
    public IReadOnlyList<Product> Products => _snapshot.Products;

    /// <inheritdoc/>
    public bool TryGet(string productId, [NotNullWhen(true)] out Product? product) => _snapshot.TryGet(productId, out product);

    /// <summary>Makes the seeded products, puts the stored ones over them, and fills the search index. Again it does nothing.</summary>
    /// <exception cref="InvalidDataException">What is stored cannot be read.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_loaded)
            {
                return;
            }

            var stored = await _storage.LoadAsync(cancellationToken);
            var seeded = SeededCatalogue.Generate(_options.SeedProducts, _options.Seed);
            var snapshot = CatalogueSnapshot.Empty.With([.. seeded, .. stored]);
            await _search.UpsertAsync(snapshot.Products, cancellationToken);
            _snapshot = snapshot;
            _loaded = true;
            LogLoaded(snapshot.Products.Count, seeded.Count, stored.Count);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A product breaks a rule (<see cref="ProductRules"/>); none was taken.</exception>
    /// <exception cref="InvalidOperationException">It has not been loaded yet.</exception>
    public async ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(products);
        foreach (var product in products)
        {
            if (ProductRules.Check(product) is { } fault)
            {
                throw new ArgumentException($"Product '{product.Id}' cannot be taken: {fault}.", nameof(products));
            }
        }

        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (!_loaded)
            {
                // Writing now would replace what is stored by what is here: nothing yet.
                throw new InvalidOperationException("The catalogue is not loaded yet: await LoadAsync first.");
            }

            if (products.Count > 0)
            {
                await ApplyAsync(products, cancellationToken);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    /// <summary>Durable first. Should the search fail after that, the products are in the catalogue; the same upsert mends it.</summary>
    private async Task ApplyAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        await _storage.SaveAsync(products, cancellationToken);
        _snapshot = _snapshot.With(products);
        await _search.UpsertAsync(products, cancellationToken);
        LogUpserted(products.Count, _snapshot.Version);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Catalogue loaded: {Products} products, {Seeded} seeded, {Stored} stored")]
    private partial void LogLoaded(int products, int seeded, int stored);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Catalogue took {Products} products, now version {Version}")]
    private partial void LogUpserted(int products, long version);
}
