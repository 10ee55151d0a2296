namespace Reco.Core.Recommending;

/// <summary>The history of a visitor without a name: the products just looked at.</summary>
public static class SessionHistory
{
    /// <summary>Each step back in the session weighs this much less: the fifth product from the end still counts 0.4.</summary>
    public const double StepBackFactor = 0.8;

    /// <summary>
    /// One item for each distinct product. A look that is n steps before the last one weighs <paramref name="weight"/> * 0.8^n; looks at the same
    /// product add up.
    /// </summary>
    /// <param name="productIds">Oldest first.</param>
    /// <param name="weight">What a look weighs, above 0.</param>
    /// <param name="kind">Number of the kind of event that a look is.</param>
    public static IReadOnlyList<HistoryItem> Of(IReadOnlyList<string> productIds, float weight, int kind)
    {
        var weights = new Dictionary<string, float>(StringComparer.Ordinal);
        for (var i = 0; i < productIds.Count; i++)
        {
            var stepsBack = productIds.Count - 1 - i;
            weights[productIds[i]] = weights.GetValueOrDefault(productIds[i]) + (float)(weight * Math.Pow(StepBackFactor, stepsBack));
        }

        return [.. weights.Select(item => new HistoryItem(item.Key, item.Value, kind))];
    }
}
