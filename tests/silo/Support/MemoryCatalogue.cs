using System.Diagnostics.CodeAnalysis;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Silo.Tests.Support;

/// <summary>A shop of so many invented products.</summary>
internal sealed class MemoryCatalogue(int products) : ICatalogue
{
    public long Version => 1;

    public IReadOnlyList<Product> Products { get; private set; } = products == 0 ? [] : SeededCatalogue.Generate(products);

    public bool TryGet(string productId, [NotNullWhen(true)] out Product? product) =>
        (product = Products.FirstOrDefault(p => p.Id == productId)) is not null;

    public ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        Products = products;
        return ValueTask.CompletedTask;
    }
}
