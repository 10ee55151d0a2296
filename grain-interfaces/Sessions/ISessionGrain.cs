namespace Reco.GrainInterfaces;

/// <summary>Recommendations for a visitor without a name, from the products just looked at. Keeps nothing; key 0.</summary>
[Alias("reco.ISessionGrain")]
public interface ISessionGrain : IGrainWithIntegerKey
{
    /// <summary>Folds the products in as views, the last one weighing most, and ranks.</summary>
    [Repeatable, Alias("Recommend")]
    Task<RecommendationAnswer> RecommendAsync(SessionQuery query);
}

/// <summary>A visitor's recent products.</summary>
[GenerateSerializer, Immutable, Alias("reco.SessionQuery")]
public sealed record SessionQuery
{
    /// <summary>1 to 100 products, oldest first.</summary>
    [Id(0)] public required string[] ProductIds { get; init; }

    /// <summary>Limit and filters.</summary>
    [Id(1)] public required RecommendationQuery Query { get; init; }
}
