using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reco.Adapters.Postgres.Tuning.Experiments;
using Reco.Adapters.Postgres.Tuning.Measuring;
using Reco.Adapters.Postgres.Tuning.Statistics;
using Reco.ClientApi.Problems;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Contracts;

/// <summary>Every shape of the gateway: names in snake_case, enums as snake_case words, numbers only as numbers.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.Strict,
    Converters =
    [
        typeof(SnakeCase<EventType>),
        typeof(SnakeCase<RecommendationSource>),
        typeof(SnakeCase<TrainingOutcome>),
        typeof(SnakeCase<HealthStatus>),
    ])]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(EventsRequest))]
[JsonSerializable(typeof(EventsResponse))]
[JsonSerializable(typeof(RecommendationsResponse))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(RankingResponse))]
[JsonSerializable(typeof(SimilarResponse))]
[JsonSerializable(typeof(ProductResponse))]
[JsonSerializable(typeof(ProductsRequest))]
[JsonSerializable(typeof(UpsertResponse))]
[JsonSerializable(typeof(SearchResponse))]
[JsonSerializable(typeof(PopularQueriesResponse))]
[JsonSerializable(typeof(UserStatsResponse))]
[JsonSerializable(typeof(ProductStatsResponse))]
[JsonSerializable(typeof(ModelResponse))]
[JsonSerializable(typeof(RetrainResponse))]
[JsonSerializable(typeof(LiveStats))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(Comparison))]
[JsonSerializable(typeof(PaginationComparison))]
[JsonSerializable(typeof(ScanComparison))]
[JsonSerializable(typeof(FormsComparison))]
[JsonSerializable(typeof(TableStatistics))]
[JsonSerializable(typeof(IndexAnalysis))]
[JsonSerializable(typeof(PlanResponse))]
[JsonSerializable(typeof(TuningQueryRequest))]
[JsonSerializable(typeof(TuningTypeRequest))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>An enum as snake_case words; a number is not taken for one.</summary>
internal sealed class SnakeCase<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
