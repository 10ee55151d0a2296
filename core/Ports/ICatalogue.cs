using System.Diagnostics.CodeAnalysis;
using Reco.Core.Catalogue;

namespace Reco.Core.Ports;

/// <summary>The shop's products, all in memory of each silo. Safe to use from any thread.</summary>
public interface ICatalogue
{
    /// <summary>Rises with every change.</summary>
    long Version { get; }

    /// <summary>A snapshot of all products; never changes after it was returned.</summary>
    IReadOnlyList<Product> Products { get; }

    /// <summary>The product, if the shop has it.</summary>
    bool TryGet(string productId, [NotNullWhen(true)] out Product? product);

    /// <summary>Adds or replaces products by id; durable when it completes.</summary>
    ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken);
}
