using Orleans.Concurrency;

namespace Reco.GrainInterfaces;

/// <summary>The training rows of the users whose hash falls into this shard, 0 to <see cref="InteractionShards.Count"/> - 1.</summary>
[Alias("reco.IInteractionShardGrain")]
public interface IInteractionShardGrain : IGrainWithIntegerKey
{
    /// <summary>Replaces the user's row; a repeat changes nothing, an empty row removes it.</summary>
    [Alias("ReplaceRow")]
    Task ReplaceRowAsync(InteractionRow row);

    /// <summary>Makes the rows durable. Called at the end of a checkpoint, before offsets are committed.</summary>
    [Alias("Flush")]
    Task FlushAsync();

    /// <summary>
    /// At most <paramref name="limit"/> rows of users that sort after <paramref name="afterUser"/> (ordinal; null to begin),
    /// in that order; fewer than the limit means the end.
    /// </summary>
    [Repeatable, AlwaysInterleave, Alias("GetRows")]
    Task<InteractionRow[]> GetRowsAsync(string? afterUser, int limit);

    /// <summary>How much there is, and whether it has changed.</summary>
    [Repeatable, AlwaysInterleave, Alias("GetSize")]
    Task<ShardSize> GetSizeAsync();
}

/// <summary>The size of a shard.</summary>
[GenerateSerializer, Immutable, Alias("reco.ShardSize")]
public readonly record struct ShardSize
{
    /// <summary>Rises whenever a row changes.</summary>
    [Id(0)] public required long Revision { get; init; }

    /// <summary>User-item pairs.</summary>
    [Id(1)] public required long Interactions { get; init; }
}

/// <summary>The shards' number, fixed: a user's shard never changes.</summary>
public static class InteractionShards
{
    /// <summary>How many shards there are.</summary>
    public const int Count = 64;
}

/// <summary>All a user's weighted products: parallel arrays, each product once.</summary>
[GenerateSerializer, Immutable, Alias("reco.InteractionRow")]
public sealed record InteractionRow
{
    /// <summary>The user.</summary>
    [Id(0)] public required string UserId { get; init; }

    /// <summary>The products, in the order of the user's first dealing with them: what is held out of training depends on the place.</summary>
    [Id(1)] public required string[] ProductIds { get; init; }

    /// <summary>The summed event weights, above 0, as long as <see cref="ProductIds"/>.</summary>
    [Id(2)] public required float[] Weights { get; init; }
}
