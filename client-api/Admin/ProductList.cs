using System.Text.Json;
using Reco.ClientApi.Contracts;
using Reco.Core.Catalogue;

namespace Reco.ClientApi.Admin;

/// <summary>The products of one PUT: all valid, or none is taken.</summary>
internal sealed class ProductList
{
    /// <summary>Most products in one request.</summary>
    public const int ProductsMax = 1_000;

    private readonly List<Product> _products = [];
    private readonly List<Rejection> _rejected = [];

    public IReadOnlyList<Product> Products => _products;

    public IReadOnlyList<Rejection> Rejected => _rejected;

    /// <summary>Why nothing is taken, or null.</summary>
    public string? Refusal { get; private set; }

    public static ProductList Read(JsonElement body)
    {
        var list = new ProductList();
        if (!body.TryGetProperty("products", out var products) || products.ValueKind != JsonValueKind.Array)
        {
            list.Refusal = "Send an object with a list of products under \"products\".";
        }
        else if (products.GetArrayLength() is < 1 or > ProductsMax)
        {
            list.Refusal = $"The list must have 1 to {ProductsMax} products; this one has {products.GetArrayLength()}. Nothing was changed.";
        }
        else
        {
            list.ReadAll(products);
        }

        return list;
    }

    private void ReadAll(JsonElement products)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, element) in products.EnumerateArray().Index())
        {
            if (ProductJson.Read(element, out var errors) is not { } product)
            {
                _rejected.AddRange(errors.All.Select(error => new Rejection(index, error.Field, error.Rule)));
            }
            else if (places.TryAdd(product.Id, index))
            {
                _products.Add(product);
            }
            else
            {
                _rejected.Add(new Rejection(index, "id", $"is the id of product {places[product.Id]} of this list too"));
            }
        }

        if (_rejected.Count > 0)
        {
            Refusal = "Nothing was changed. Correct the products named in rejected and send all of them again.";
        }
    }
}
