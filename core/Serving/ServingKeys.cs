namespace Reco.Core.Serving;

/// <summary>
/// Names in the serving cache. They are a contract with every program that reads it: docs/serving.md. A ranking's snapshot has a name of its own
/// kind, so that no category can be called like it.
/// </summary>
public static class ServingKeys
{
    /// <summary>Document: what to show this user.</summary>
    public static string Recommendations(string userId) => $"recommendations:{userId}";

    /// <summary>Document: what this user did.</summary>
    public static string UserStats(string userId) => $"user-stats:{userId}";

    /// <summary>Ranking: what trends, in a category or (null) in the whole shop.</summary>
    public static string Trending(string? category = null) => Of("trending", category);

    /// <summary>Document: the same with names and prices.</summary>
    public static string TrendingSnapshot(string? category = null) => Of("trending-snapshot", category);

    /// <summary>Ranking: what is popular, in a category or (null) in the whole shop.</summary>
    public static string Popular(string? category = null) => Of("popular", category);

    /// <summary>Document: the same with names and prices.</summary>
    public static string PopularSnapshot(string? category = null) => Of("popular-snapshot", category);

    private static string Of(string kind, string? category) => category is null ? kind : $"{kind}:{category}";
}
