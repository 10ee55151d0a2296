using Reco.Core.Ports;
using Reco.GrainInterfaces;

namespace Reco.Grains.Trending;

/// <summary>Ranked ids with what the catalogue says of them.</summary>
internal static class RankedProducts
{
    public static RankedProduct Describe(ICatalogue catalogue, string productId, double score)
    {
        catalogue.TryGet(productId, out var product);
        return new RankedProduct
        {
            ProductId = productId,
            Name = product?.Name ?? productId,
            Category = product?.Category,
            Price = product?.Price,
            Score = score,
        };
    }
}
