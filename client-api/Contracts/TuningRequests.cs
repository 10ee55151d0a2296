namespace Reco.ClientApi.Contracts;

/// <summary>The body of POST /db-tuning/query-plan and /index-hints-simple, as the OpenAPI document describes it.</summary>
/// <param name="Query">One SELECT on the shop's tables.</param>
public sealed record TuningQueryRequest(string Query);

/// <summary>The body of POST /db-tuning/query-optimization, as the OpenAPI document describes it.</summary>
/// <param name="Type">join_optimization or subquery_optimization.</param>
public sealed record TuningTypeRequest(string Type);
