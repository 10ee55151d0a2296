using System.Globalization;
using Reco.Adapters.Postgres.Feed;
using Reco.Core.Catalogue;
using Reco.Core.Hashing;
using Reco.Core.Ports;

namespace Reco.Workload.Etl;

/// <summary>How many products there are, and one number made of all they say; the order in which they are added does not matter.</summary>
public sealed record ProductChecksum(long Products, ulong Sum)
{
    /// <summary>Of none.</summary>
    public static readonly ProductChecksum None = new(0, 0);

    /// <summary>With one more.</summary>
    public ProductChecksum With(IndexedProduct indexed)
    {
        ArgumentNullException.ThrowIfNull(indexed);
        var product = indexed.Product;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{product.Id}\0{product.Name}\0{product.Category}\0{product.Brand}\0{product.Price:0.############}\0{product.Stock}\0{indexed.Popularity:R}");
        return new ProductChecksum(Products + 1, unchecked(Sum + StableHash.Of(text)));
    }
}

/// <summary>Compares database and index, product by product.</summary>
public sealed class EtlVerification(ShopFeed feed, ISearchIndexBuilder index)
{
    /// <summary>Both sides; different when the database changed since the last run.</summary>
    /// <exception cref="EtlException">No index answers searches.</exception>
    public async Task<(ProductChecksum Database, ProductChecksum Index)> RunAsync(CancellationToken cancellationToken)
    {
        var published = (await index.ListAsync(cancellationToken)).LastOrDefault(generation => generation.IsPublished)
            ?? throw new EtlException("There is no index yet: run ./reco etl first.");
        await index.CountAsync(published.Name, cancellationToken);
        await using var snapshot = await feed.SnapshotAsync(cancellationToken);
        var database = ProductChecksum.None;
        await foreach (var product in snapshot.ProductsAsync(since: null, cancellationToken))
        {
            if (ProductRules.Check(product.Product) is null)
            {
                database = database.With(product);
            }
        }

        var inIndex = ProductChecksum.None;
        await foreach (var product in index.ReadAllAsync(published.Name, cancellationToken))
        {
            inIndex = inIndex.With(product);
        }

        return (database, inIndex);
    }
}
