using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Reco.Adapters.Postgres.Tuning.Experiments;
using Reco.Adapters.Postgres.Tuning.Measuring;
using Reco.Adapters.Postgres.Tuning.Statistics;
using Reco.Adapters.Postgres.Tuning.UserSql;

namespace Reco.Adapters.Postgres.Tuning;

/// <summary>
/// The query-tuning laboratory: slow and fast forms of queries measured on the shop's own tables, and users' statements in a sandbox.
/// Every method throws <see cref="TuningException"/> with a sentence when there is no answer. It has connections of its own, few, so that it
/// never takes one from the order sink.
/// </summary>
public sealed class TuningLab : IAsyncDisposable
{
    private readonly TuningOptions _options;
    private readonly TimeProvider _time;
    private readonly NpgsqlDataSource _source;
    private readonly ReaderPool _pool;
    private readonly UserQueries _queries;
    private readonly LabGate _experiments;
    private readonly LabGate _readers;

    public TuningLab(string connectionString, TuningOptions options, TimeProvider time, ILoggerFactory? loggers = null)
    {
        (_options, _time) = (options, time);
        var main = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "reco-tuning",
            MinPoolSize = 0,
            MaxPoolSize = 2,
            Timeout = options.ConnectTimeoutSeconds,
        };
        _source = new NpgsqlDataSourceBuilder(main.ConnectionString).Build();
        _pool = new ReaderPool(_source, connectionString, options, loggers ?? NullLoggerFactory.Instance);
        _queries = new UserQueries(_pool, options, time);
        // One experiment at a time: two would disturb each other's times.
        _experiments = new LabGate(1, options, time);
        _readers = new LabGate(options.ReadersMax, options, time);
    }

    /// <summary>The tables that <see cref="CompareScansAsync"/> knows.</summary>
    public static IReadOnlyCollection<string> ScannedTables => Scans.Tables;

    public TuningOptions Options => _options;

    public Task<Comparison> CompareHeavyQueriesAsync(CancellationToken cancellationToken) => ExperimentAsync(HeavyQueries.RunAsync, cancellationToken);

    /// <param name="page">From 1; without meaning when there is a cursor.</param>
    /// <param name="limit">Orders on a page.</param>
    /// <param name="cursor">The end of the page before.</param>
    /// <param name="cancellationToken">Stops the running statement.</param>
    public Task<PaginationComparison> ComparePaginationAsync(long page, int limit, PageCursor? cursor, CancellationToken cancellationToken) =>
        ExperimentAsync((session, token) => Pagination.RunAsync(session, page, limit, cursor, token), cancellationToken);

    public Task<Comparison> CompareAggregationAsync(CancellationToken cancellationToken) => ExperimentAsync(Aggregation.RunAsync, cancellationToken);

    public Task<Comparison> CompareJoinsAsync(CancellationToken cancellationToken) => ExperimentAsync(Joins.RunAsync, cancellationToken);

    public Task<ScanComparison> CompareScansAsync(string table, int limit, CancellationToken cancellationToken) => Scans.Tables.Contains(table)
        ? ExperimentAsync((session, token) => Scans.RunAsync(session, table, limit, token), cancellationToken)
        : throw new TuningException(TuningFault.BadInput, $"must be one of {string.Join(", ", Scans.Tables)}") { Field = "table" };

    public Task<FormsComparison> CompareJoinMethodsAsync(CancellationToken cancellationToken) => ExperimentAsync(JoinMethods.RunAsync, cancellationToken);

    public Task<FormsComparison> CompareSubqueryFormsAsync(CancellationToken cancellationToken) =>
        ExperimentAsync(SubqueryForms.RunAsync, cancellationToken);

    public Task<TableStatistics> ReadTablesAsync(CancellationToken cancellationToken) => ExperimentAsync(TableStatistics.ReadAsync, cancellationToken);

    public Task<IndexAnalysis> AnalyseIndexesAsync(CancellationToken cancellationToken) => ExperimentAsync(IndexAnalysis.ReadAsync, cancellationToken);

    /// <summary>The plan of a user's statement.</summary>
    public Task<PlanReport> ExplainAsync(string query, CancellationToken cancellationToken) =>
        _readers.RunAsync(() => _queries.PlanAsync(query, cancellationToken), cancellationToken);

    /// <summary>A user's statement, left to the planner and forced to use indexes.</summary>
    public Task<Comparison> CompareHintsAsync(string query, CancellationToken cancellationToken) =>
        _readers.RunAsync(() => _queries.HintsAsync(query, cancellationToken), cancellationToken);

    private Task<T> ExperimentAsync<T>(Func<LabSession, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        _experiments.RunAsync(
            async () =>
            {
                try
                {
                    await using var session = await LabSession.BeginAsync(_source, _options, _time, cancellationToken);
                    return await run(session, cancellationToken);
                }
                catch (NpgsqlException exception) when (PostgresFaults.OfLaboratory(exception) is { } known)
                {
                    throw known;
                }
            },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        await _source.DisposeAsync();
        _experiments.Dispose();
        _readers.Dispose();
    }
}
