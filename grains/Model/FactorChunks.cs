using Reco.Core.Als;
using Reco.Core.Recommending;
using Reco.GrainInterfaces;

namespace Reco.Grains.Model;

/// <summary>A model in pieces that fit into a message, and back.</summary>
public static class FactorChunks
{
    /// <summary>Items of a chunk: 64 factors each make 256 KB.</summary>
    public const int ItemsMax = 1000;

    /// <summary>Items <paramref name="firstItem"/> and the <paramref name="count"/> - 1 after it, as far as there are any.</summary>
    public static FactorChunk Cut(ServingModel model, int firstItem, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstItem);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ItemsMax);
        var items = Math.Max(0, Math.Min(count, model.Items.Count - firstItem));
        var parameters = model.Items.Parameters;
        return new FactorChunk
        {
            Version = model.Version,
            TotalItems = model.Items.Count,
            Factors = model.Items.Factors,
            ProductIds = [.. model.ProductIds.Skip(firstItem).Take(items)],
            Values = items == 0 ? [] : model.Items.Values.Slice(firstItem * model.Items.Factors, items * model.Items.Factors).ToArray(),
            Parameters = new ModelParameters
            {
                UnobservedWeight = parameters.UnobservedWeight,
                Regularization = parameters.Regularization,
                RegularizationExponent = parameters.RegularizationExponent,
                ConfidenceShape = (int)parameters.Confidence.Shape,
                ConfidenceAlpha = parameters.Confidence.Alpha,
                ConfidenceScale = parameters.Confidence.Scale,
            },
        };
    }

    /// <summary>
    /// Fetches the published model; null when there is none, or when a newer one was published meanwhile (ask again).
    /// </summary>
    public static async Task<ServingModel?> FetchAsync(IAlsGrain source, long version)
    {
        var ids = new List<string>();
        var values = new List<float>();
        FactorChunk? chunk;
        do
        {
            chunk = await source.GetFactorsAsync(version, ids.Count, ItemsMax);
            if (chunk is null)
            {
                return null;
            }

            ids.AddRange(chunk.ProductIds);
            values.AddRange(chunk.Values);
        }
        while (ids.Count < chunk.TotalItems);

        var parameters = new FoldInParameters(
            chunk.Parameters.UnobservedWeight,
            chunk.Parameters.Regularization,
            chunk.Parameters.RegularizationExponent,
            new ConfidenceFunction(
                (ConfidenceShape)chunk.Parameters.ConfidenceShape, chunk.Parameters.ConfidenceAlpha, chunk.Parameters.ConfidenceScale));
        return new ServingModel(version, ids, new ItemFactors(ids.Count, chunk.Factors, [.. values], parameters));
    }
}
