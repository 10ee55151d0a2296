using System.ComponentModel.DataAnnotations;
using Reco.Core.Catalogue;

namespace Reco.Adapters.Embedded.Catalogue;

/// <summary>Settings of the embedded catalogue.</summary>
public sealed class CatalogueOptions
{
    /// <summary>
    /// How many invented products the shop has besides those that were put into it; 0 for none. They are made anew at each start, not
    /// stored; a stored product with the same id replaces one.
    /// </summary>
    [Range(0, SeededCatalogue.ProductsMax)]
    public int SeedProducts { get; set; } = 1000;

    /// <summary>Which shop is invented.</summary>
    public ulong Seed { get; set; } = SeededCatalogue.DefaultSeed;
}
