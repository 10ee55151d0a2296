using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reco.ClientApi.Admin;
using Reco.ClientApi.Documentation;
using Reco.ClientApi.Problems;

namespace Reco.ClientApi.Endpoints;

/// <summary>Query tuning needs PostgreSQL: without one, each of these says how to configure it.</summary>
internal static class TuningEndpoints
{
    public static IEndpointRouteBuilder MapTuning(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/db-tuning").WithTags("Query tuning (PostgreSQL)").AddEndpointFilter<RouteGroupBuilder, AdminGate>();
        Map("GET", "/heavy-queries", "The statements that cost most.");
        Map("GET", "/pagination-performance", "A page by offset and by key, side by side.", "?page=100&limit=20");
        Map("GET", "/aggregation-optimization", "A sum on the fly and from a prepared table, side by side.");
        Map("GET", "/join-performance", "A join with and without its index.");
        Map("GET", "/scan-comparison", "A sequential scan and an index scan of a table.", "?table=orders&limit=100");
        Map("GET", "/table-stats", "Sizes, rows and dead rows of the tables.");
        Map("GET", "/index-analysis", "Indexes that are used, unused or missing.");
        Map("POST", "/index-hints-simple", "Indexes that would help a query.", body: """{"query":"select * from orders"}""");
        Map("POST", "/query-optimization", "A slow query and its better form, measured.", body: """{"type":"pagination"}""");
        Map("POST", "/query-plan", "The plan of a query.", body: """{"query":"select 1"}""");
        return routes;

        void Map(string method, string path, string summary, string query = "", string? body = null) =>
            group.MapMethods(path, [method], NotConfigured)
                .Describe(summary, new($"/db-tuning{path}{query}", body))
                .WithProblems(
                    StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status503ServiceUnavailable);
    }

    private static ProblemResult NotConfigured() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable,
        "This needs PostgreSQL. Configure ConnectionStrings:Postgres (environment: ConnectionStrings__Postgres) and start again.");
}
