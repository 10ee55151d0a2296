using Reco.Core.Catalogue;

namespace Reco.Workload.Tests.Support;

/// <summary>A small shop: ten categories, five brands, prices that tell products apart.</summary>
internal static class Shop
{
    public static IReadOnlyList<Product> Products(int count = 200) => [.. Enumerable.Range(1, count).Select(n => new Product
    {
        Id = $"p{n:000}",
        Name = $"Fine Thing {n}",
        Category = $"Category {n % 10}",
        Brand = $"Brand {n % 5}",
        Price = 1m + (n / 100m),
    })];
}
