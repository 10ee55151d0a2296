using Reco.Core.Als;

namespace Reco.Core.Ranking;

/// <summary>Scores of all items at once: 1,000 items of 64 factors take some 10 microseconds.</summary>
public static class Scorer
{
    /// <summary>scores[i] = the inner product of the user's vector and item i.</summary>
    /// <exception cref="ArgumentException">A length does not fit the model.</exception>
    public static void ScoreAll(ItemFactors items, ReadOnlySpan<float> userVector, Span<float> scores)
    {
        if (userVector.Length != items.Factors || scores.Length != items.Count)
        {
            throw new ArgumentException(
                $"The model has {items.Count} items of {items.Factors} factors, but the spans hold {scores.Length} scores "
                + $"and {userVector.Length} factors.");
        }

        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = SimdMath.Dot(userVector, items[item]);
        }
    }

    /// <summary>
    /// similarities[i] = the cosine of items <paramref name="item"/> and i, -1 to 1. NaN, which never ranks, for the item itself and
    /// for items without a direction (nobody touched them).
    /// </summary>
    /// <exception cref="ArgumentException">A length or the item does not fit the model.</exception>
    public static void CosineAll(ItemFactors items, int item, Span<float> similarities)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(item);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(item, items.Count);
        ScoreAll(items, items[item], similarities);
        var norms = items.Norms;
        for (var other = 0; other < similarities.Length; other++)
        {
            var product = norms[item] * norms[other];
            similarities[other] = product > 0 ? Math.Clamp(similarities[other] / product, -1f, 1f) : float.NaN;
        }

        similarities[item] = float.NaN;
    }
}
