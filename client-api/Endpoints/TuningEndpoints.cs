using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Reco.Adapters.Postgres.Tuning;
using Reco.Adapters.Postgres.Tuning.Experiments;
using Reco.Adapters.Postgres.Tuning.Measuring;
using Reco.ClientApi.Admin;
using Reco.ClientApi.Bodies;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Documentation;
using Reco.ClientApi.Fields;
using Reco.ClientApi.Problems;
using Reco.ClientApi.Tuning;

namespace Reco.ClientApi.Endpoints;

/// <summary>The query-tuning laboratory. Without PostgreSQL each of these says how to configure it.</summary>
internal static class TuningEndpoints
{
    private const string Query = """{"query":"SELECT o.*, u.name FROM orders o JOIN users u ON o.user_id = u.user_id LIMIT 10"}""";

    /// <summary>At 20 a page this is 2 billion orders; what there are is checked against the table.</summary>
    private static readonly WholeNumber Page = new("page", 1, 1, 100_000_000, "Page wanted, from 1; without meaning beside a cursor.");

    private static readonly WholeNumber PageLimit = new("limit", 20, 1, 1_000, "Orders on a page.");

    private static readonly Words Cursor = new("cursor", 64, "The next_cursor of an answer: the page after that one.");

    private static readonly Words Table = new("table", 128, "Table to scan: users, products, orders, order_items or user_events.");

    private static readonly WholeNumber ScanLimit = new("limit", 100, 1, 10_000, "Most rows of the selective query.");

    private static readonly Words Type = new("type", 64, "join_optimization or subquery_optimization.");

    public static IEndpointRouteBuilder MapTuning(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/db-tuning").WithTags("Query tuning (PostgreSQL)")
            .AddEndpointFilter<RouteGroupBuilder, AdminGate>().AddEndpointFilter<RouteGroupBuilder, TuningFilter>();
        MapExperiments(group);
        MapStatements(group);
        return routes;
    }

    private static void MapExperiments(RouteGroupBuilder group)
    {
        group.MapGet("/heavy-queries", async (TuningServices lab, CancellationToken cancellationToken) =>
                TypedResults.Ok(await lab.Required.CompareHeavyQueriesAsync(cancellationToken)))
            .Describe("A function on a column in WHERE against a range on it, measured.", new("/db-tuning/heavy-queries"))
            .WithTuningProblems();
        group.MapGet("/pagination-performance", PaginationAsync)
            .Describe("A page of orders by OFFSET and by a cursor, measured.", new("/db-tuning/pagination-performance?page=10000&limit=20"))
            .WithQuery(Page, PageLimit, Cursor)
            .WithTuningProblems(StatusCodes.Status400BadRequest);
        group.MapGet("/aggregation-optimization", async (TuningServices lab, CancellationToken cancellationToken) =>
                TypedResults.Ok(await lab.Required.CompareAggregationAsync(cancellationToken)))
            .Describe("A sum from the orders, from a covering index and from a materialised view, measured.", new("/db-tuning/aggregation-optimization"))
            .WithTuningProblems();
        group.MapGet("/join-performance", async (TuningServices lab, CancellationToken cancellationToken) =>
                TypedResults.Ok(await lab.Required.CompareJoinsAsync(cancellationToken)))
            .Describe("Join then filter against filter first, measured.", new("/db-tuning/join-performance"))
            .WithTuningProblems();
        group.MapGet("/scan-comparison", ScansAsync)
            .Describe(
                "Sequential against index scan, for few rows and for nearly all, measured.", new("/db-tuning/scan-comparison?table=orders&limit=100"))
            .WithQuery(Table, ScanLimit)
            .WithTuningProblems(StatusCodes.Status400BadRequest);
        group.MapGet("/table-stats", async (TuningServices lab, CancellationToken cancellationToken) =>
                TypedResults.Ok(await lab.Required.ReadTablesAsync(cancellationToken)))
            .Describe("Rows, size, bloat, dead rows, vacuum and cache hits of the tables.", new("/db-tuning/table-stats"))
            .WithTuningProblems();
        group.MapGet("/index-analysis", async (TuningServices lab, CancellationToken cancellationToken) =>
                TypedResults.Ok(await lab.Required.AnalyseIndexesAsync(cancellationToken)))
            .Describe("Indexes that are used, unused, double or missing.", new("/db-tuning/index-analysis"))
            .WithTuningProblems();
    }

    private static void MapStatements(RouteGroupBuilder group)
    {
        int[] refusals = [StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity];
        group.MapPost("/index-hints-simple", HintsAsync)
            .Describe(
                "A SELECT left to the planner and forced to use indexes, measured.",
                new("/db-tuning/index-hints-simple", """{"query":"SELECT order_id, status FROM orders LIMIT 50"}"""))
            .Produces<Comparison>()
            .Accepts<TuningQueryRequest>("application/json")
            .WithTuningProblems(refusals);
        group.MapPost("/query-optimization", OptimizeAsync)
            .Describe(
                "Each join method forced in turn, or a subquery in five forms, measured.",
                new("/db-tuning/query-optimization", """{"type":"join_optimization"}"""))
            .Produces<FormsComparison>()
            .Accepts<TuningTypeRequest>("application/json")
            .WithTuningProblems(refusals);
        group.MapPost("/query-plan", PlanAsync)
            .Describe("The executed plan of a SELECT, its slowest node, wrong estimates and advice.", new("/db-tuning/query-plan", Query))
            .Produces<PlanResponse>()
            .Accepts<TuningQueryRequest>("application/json")
            .WithTuningProblems(refusals);
    }

    private static async Task<Results<Ok<PaginationComparison>, ProblemResult>> PaginationAsync(
        HttpRequest request, TuningServices lab, CancellationToken cancellationToken)
    {
        var fields = new QueryFields(request.Query);
        var (page, limit, token) = (fields.Read(Page), fields.Read(PageLimit), fields.Read(Cursor));
        PageCursor? cursor = null;
        if (token is not null)
        {
            if (PageCursor.TryParse(token, out var known))
            {
                cursor = known;
            }
            else
            {
                fields.Errors.Add(Cursor.Name, "must be a next_cursor of this endpoint, unchanged");
            }
        }

        return fields.Errors.Any
            ? fields.Errors.ToProblem()
            : TypedResults.Ok(await lab.Required.ComparePaginationAsync(page, limit, cursor, cancellationToken));
    }

    private static async Task<Results<Ok<ScanComparison>, ProblemResult>> ScansAsync(
        HttpRequest request, TuningServices lab, CancellationToken cancellationToken)
    {
        var fields = new QueryFields(request.Query);
        var (table, limit) = (fields.Read(Table) ?? "orders", fields.Read(ScanLimit));
        if (!fields.Errors.Has(Table.Name) && !TuningLab.ScannedTables.Contains(table))
        {
            fields.Errors.Add(Table.Name, $"must be one of {string.Join(", ", TuningLab.ScannedTables)}");
        }

        return fields.Errors.Any ? fields.Errors.ToProblem() : TypedResults.Ok(await lab.Required.CompareScansAsync(table, limit, cancellationToken));
    }

    private static Task<IResult> HintsAsync(HttpRequest request, TuningServices lab, CancellationToken cancellationToken) =>
        WithBodyAsync(
            request,
            body => body.Required(QueryField(lab)),
            async query => TypedResults.Ok(await lab.Required.CompareHintsAsync(query, cancellationToken)),
            cancellationToken);

    private static Task<IResult> PlanAsync(HttpRequest request, TuningServices lab, CancellationToken cancellationToken) =>
        WithBodyAsync(
            request,
            body => body.Required(QueryField(lab)),
            async query => TypedResults.Ok(PlanResponse.From(await lab.Required.ExplainAsync(query, cancellationToken))),
            cancellationToken);

    private static Task<IResult> OptimizeAsync(HttpRequest request, TuningServices lab, CancellationToken cancellationToken) =>
        WithBodyAsync(
            request,
            body =>
            {
                var type = body.Required(Type);
                if (!body.Errors.Any && type is not ("join_optimization" or "subquery_optimization"))
                {
                    body.Errors.Add(Type.Name, "must be join_optimization or subquery_optimization");
                }

                return type;
            },
            async type => TypedResults.Ok(
                type == "join_optimization"
                    ? await lab.Required.CompareJoinMethodsAsync(cancellationToken)
                    : await lab.Required.CompareSubqueryFormsAsync(cancellationToken)),
            cancellationToken);

    private static async Task<IResult> WithBodyAsync(
        HttpRequest request, Func<BodyFields, string> read, Func<string, Task<IResult>> answer, CancellationToken cancellationToken)
    {
        var (document, problem) = await JsonObjectBody.ReadAsync(request, cancellationToken);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var fields = new BodyFields(document.RootElement);
            var value = read(fields);
            return fields.Errors.Any ? fields.Errors.ToProblem() : await answer(value);
        }
    }

    private static Words QueryField(TuningServices lab) =>
        new("query", lab.Required.Options.QueryCharactersMax, "One SELECT on the shop's tables.") { Multiline = true };

    private static void WithTuningProblems(this RouteHandlerBuilder endpoint, params int[] statuses) => endpoint.WithProblems(
        [.. statuses, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status503ServiceUnavailable]);
}
