using Reco.GrainInterfaces;

namespace Reco.Bench.Ingest;

/// <summary>Every user's and product's totals, asked of the grains and held against the fold.</summary>
internal static class GrainTotals
{
    /// <summary>What differs; empty when all is exact.</summary>
    public static async Task<List<string>> CompareAsync(IGrainFactory grains, PlainFold fold)
    {
        var wrong = new List<string>();
        foreach (var (id, expected) in fold.Users)
        {
            var stats = await grains.GetGrain<IUserGrain>(id).GetStatsAsync();
            if (stats is null || !expected.Equal(stats.Totals, stats.Revenue))
            {
                wrong.Add($"{id}: {stats?.Totals}");
            }
        }

        foreach (var (id, expected) in fold.Products)
        {
            var stats = await grains.GetGrain<IProductGrain>(id).GetStatsAsync();
            if (stats is null || !expected.Equal(stats.Totals, stats.Revenue))
            {
                wrong.Add($"{id}: {stats?.Totals}");
            }
        }

        return wrong;
    }
}
