using System.Diagnostics.CodeAnalysis;
using Reco.Core.Catalogue;

namespace Reco.Adapters.Embedded.Catalogue;

/// <summary>The catalogue at one moment; never changes.</summary>
internal sealed class CatalogueSnapshot
{
    public static readonly CatalogueSnapshot Empty = new(0, new Dictionary<string, Product>(StringComparer.Ordinal));

    // Not a FrozenDictionary: freezing 100,000 products takes longer than copying them, and every change would pay it.
    private readonly Dictionary<string, Product> _byId;

    public CatalogueSnapshot(long version, Dictionary<string, Product> byId)
    {
        Version = version;
        _byId = byId;
        var products = byId.Values.ToArray();
        Array.Sort(products, (first, second) => string.CompareOrdinal(first.Id, second.Id));
        Products = Array.AsReadOnly(products);
    }

    public long Version { get; }

    /// <summary>In order of their ids (ordinal), so that the order does not depend on how they came in.</summary>
    public IReadOnlyList<Product> Products { get; }

    public bool TryGet(string productId, [NotNullWhen(true)] out Product? product) => _byId.TryGetValue(productId, out product);

    /// <summary>One version on, with these added or replaced; the last of several with one id counts.</summary>
    public CatalogueSnapshot With(IReadOnlyCollection<Product> products)
    {
        var byId = new Dictionary<string, Product>(_byId, StringComparer.Ordinal);
        foreach (var product in products)
        {
            byId[product.Id] = product;
        }

        return new CatalogueSnapshot(Version + 1, byId);
    }
}
