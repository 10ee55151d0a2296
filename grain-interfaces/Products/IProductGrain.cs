using Orleans.Concurrency;

namespace Reco.GrainInterfaces;

/// <summary>One product: statistics, trend and popularity. The key is the product id.</summary>
[Alias("reco.IProductGrain")]
public interface IProductGrain : IGrainWithStringKey
{
    /// <summary>Applies the events that the state does not include yet.</summary>
    [Alias("Apply")]
    Task<ApplyOutcome> ApplyAsync(ProductSlice slice);

    /// <summary>As <see cref="ApplyAsync"/>, for slices of several partitions; an outcome for each.</summary>
    [Alias("ApplyAll")]
    Task<ApplyOutcome[]> ApplyAllAsync(ProductSlice[] slices);

    /// <summary>As <see cref="IUserGrain.FlushAsync"/>.</summary>
    [Alias("Flush")]
    Task<bool> FlushAsync(int partition, long expectedOffset);

    /// <summary>Makes the state durable and answers for each partition whether it includes the offset that is expected of it.</summary>
    [Alias("FlushAll")]
    Task<bool[]> FlushAllAsync(PartitionOffset[] expected);

    /// <summary>Totals and window of this product; null when no event has named it.</summary>
    [Repeatable, AlwaysInterleave, Alias("GetStats")]
    Task<ProductStats?> GetStatsAsync();

    /// <summary>Products with the nearest factors (cosine), nearest first; empty when the model does not know the product.</summary>
    [Repeatable, AlwaysInterleave, Alias("GetSimilar")]
    Task<SimilarProducts> GetSimilarAsync(int limit);
}
