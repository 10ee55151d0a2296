using Reco.Core.Training;
using Reco.GrainInterfaces;

namespace Reco.Grains.Model;

/// <summary>Fetches the training rows from all shards, page by page.</summary>
internal static class RowGatherer
{
    /// <summary>Rows of one answer: with 500 products each some 10 MB at the worst.</summary>
    private const int PageRows = 500;

    /// <summary>Shards asked at a time.</summary>
    private const int ShardsInFlight = 8;

    /// <summary>All shards together: the revision rises whenever a row changes.</summary>
    public static async Task<ShardSize> SizeAsync(IGrainFactory grains)
    {
        var sizes = await Task.WhenAll(Shards(grains).Select(shard => shard.GetSizeAsync()));
        return new ShardSize { Revision = sizes.Sum(size => size.Revision), Interactions = sizes.Sum(size => size.Interactions) };
    }

    public static async Task<List<GatheredRow>> GatherAsync(IGrainFactory grains, CancellationToken cancellationToken)
    {
        var rows = new List<GatheredRow>();
        foreach (var shards in Shards(grains).Chunk(ShardsInFlight))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var part in await Task.WhenAll(shards.Select(shard => GatherAsync(shard, cancellationToken))))
            {
                rows.AddRange(part);
            }
        }

        return rows;
    }

    private static async Task<List<GatheredRow>> GatherAsync(IInteractionShardGrain shard, CancellationToken cancellationToken)
    {
        var rows = new List<GatheredRow>();
        InteractionRow[] page;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            page = await shard.GetRowsAsync(rows.Count == 0 ? null : rows[^1].UserId, PageRows);
            rows.AddRange(page.Select(row => new GatheredRow(row.UserId, row.ProductIds, row.Weights)));
        }
        while (page.Length == PageRows);

        return rows;
    }

    private static IEnumerable<IInteractionShardGrain> Shards(IGrainFactory grains) =>
        Enumerable.Range(0, InteractionShards.Count).Select(shard => grains.GetGrain<IInteractionShardGrain>(shard));
}
