using Reco.Core.Catalogue;

namespace Reco.Core.Ports;

/// <summary>
/// The search index as a batch writer sees it: generations of it, of which one is published and answers the searches. A new generation is
/// filled aside and published at once, so that a search never sees a part of one. For one writer at a time.
/// </summary>
public interface ISearchIndexBuilder
{
    /// <summary>Every generation there is, half-written ones too, oldest first.</summary>
    Task<IReadOnlyList<SearchGeneration>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Makes an empty generation that nobody searches yet.</summary>
    Task<SearchGeneration> CreateAsync(string state, CancellationToken cancellationToken);

    /// <summary>Adds or replaces products. Searches see them soon, or at the latest when the generation is published.</summary>
    /// <returns>Products that were refused for good, with the reason.</returns>
    Task<IReadOnlyList<RefusedProduct>> WriteAsync(
        string generation, IReadOnlyList<IndexedProduct> products, CancellationToken cancellationToken);

    /// <summary>Removes products; unknown ids are ignored.</summary>
    Task RemoveAsync(string generation, IReadOnlyList<string> productIds, CancellationToken cancellationToken);

    /// <summary>Keeps the writer's notes with the generation, in place of the last ones.</summary>
    Task SaveStateAsync(string generation, string state, CancellationToken cancellationToken);

    /// <summary>Makes everything written so far visible to searches, and answers how many products there are.</summary>
    Task<long> CountAsync(string generation, CancellationToken cancellationToken);

    /// <summary>Every product of a generation, in ordinal order of the ids.</summary>
    IAsyncEnumerable<IndexedProduct> ReadAllAsync(string generation, CancellationToken cancellationToken);

    /// <summary>Lets this generation answer the searches instead of the one before, in one step.</summary>
    Task PublishAsync(string generation, CancellationToken cancellationToken);

    /// <summary>Removes a generation; one that is not there is ignored.</summary>
    /// <exception cref="InvalidOperationException">It is the published one.</exception>
    Task DropAsync(string generation, CancellationToken cancellationToken);
}

/// <summary>One generation of the index.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsPublished">Whether it answers the searches.</param>
/// <param name="State">The writer's notes; empty when there are none.</param>
public sealed record SearchGeneration(string Name, bool IsPublished, string State);

/// <summary>A product and how popular it is.</summary>
/// <param name="Product">The product.</param>
/// <param name="Popularity">0 or more; how it weighs against relevance is the index's matter.</param>
public sealed record IndexedProduct(Product Product, double Popularity);

/// <summary>A product that the index refused.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Reason">Why.</param>
public sealed record RefusedProduct(string ProductId, string Reason);
