using Reco.Core.Catalogue;

namespace Reco.ClientApi.Contracts;

/// <summary>A product of the catalogue.</summary>
public sealed record ProductResponse
{
    public required string ProductId { get; init; }

    public required string Name { get; init; }

    public required string Category { get; init; }

    public required string Brand { get; init; }

    public required decimal Price { get; init; }

    /// <summary>Pieces in stock; null when nobody counts them.</summary>
    public required int? Stock { get; init; }

    internal static ProductResponse From(Product product) => new()
    {
        ProductId = product.Id,
        Name = product.Name,
        Category = product.Category,
        Brand = product.Brand,
        Price = product.Price,
        Stock = CountedStock(product),
    };

    internal static int? CountedStock(Product product) => product.Stock == int.MaxValue ? null : product.Stock;
}

/// <summary>Documents a product of PUT /admin/products.</summary>
public sealed record ProductInput
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Category { get; init; }

    public string? Brand { get; init; }

    public required decimal Price { get; init; }

    public int? Stock { get; init; }
}

/// <summary>Documents the body of PUT /admin/products.</summary>
public sealed record ProductsRequest
{
    /// <summary>1 to 1,000 products.</summary>
    public required IReadOnlyList<ProductInput> Products { get; init; }
}

/// <summary>How many products were added or replaced.</summary>
public sealed record UpsertResponse(int Upserted);
