using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Statistics;

/// <summary>How a table of the shop is.</summary>
public sealed record TableFacts
{
    public required string Table { get; init; }

    /// <summary>Live rows, as the statistics collector counts them.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that were updated or deleted and not yet vacuumed away.</summary>
    public required long DeadRows { get; init; }

    /// <summary>Table, indexes and out-of-line values together.</summary>
    public required long TotalBytes { get; init; }

    public required long TableBytes { get; init; }

    public required long IndexBytes { get; init; }

    /// <summary>Bytes that rows of the average width would not need; an estimate, null without statistics (ANALYZE).</summary>
    public required long? BloatBytes { get; init; }

    /// <summary><see cref="BloatBytes"/> of <see cref="TableBytes"/>, 0 to 1.</summary>
    public required double? BloatRatio { get; init; }

    /// <summary>Block reads of the table and its indexes that shared memory answered, 0 to 1; null before the first.</summary>
    public required double? CacheHitRatio { get; init; }

    public required long SequentialScans { get; init; }

    public required long IndexScans { get; init; }

    /// <summary>By hand or by autovacuum, whichever was later.</summary>
    public required DateTime? LastVacuum { get; init; }

    public required DateTime? LastAnalyze { get; init; }
}

/// <summary>The tables of the shop, the largest first.</summary>
public sealed record TableStatistics
{
    public required IReadOnlyList<TableFacts> Tables { get; init; }

    public required string DatabaseSize { get; init; }

    /// <summary>Of the whole database, 0 to 1.</summary>
    public required double? CacheHitRatio { get; init; }

    internal static async Task<TableStatistics> ReadAsync(LabSession session, CancellationToken cancellationToken)
    {
        var tables = await session.QueryAsync(Sql, Read, cancellationToken);
        if (tables.All(table => table.Table != "orders"))
        {
            throw PostgresFaults.NoTables();
        }

        return await session.FindAsync(
            """
            SELECT pg_size_pretty(pg_database_size(current_database())), blks_hit::float8 / nullif(blks_hit + blks_read, 0)
            FROM pg_stat_database WHERE datname = current_database()
            """,
            row => new TableStatistics
            {
                Tables = tables,
                DatabaseSize = row.GetString(0),
                CacheHitRatio = row.IsDBNull(1) ? null : Math.Round(row.GetDouble(1), 4),
            },
            cancellationToken) ?? throw new InvalidOperationException("pg_stat_database does not know the database");
    }

    /// <summary>
    /// Bloat: blocks there are, against blocks that the rows would need: each row its average width (pg_stats), 24 bytes of header and 4 of
    /// line pointer, rounded up to 8, in pages of 8,192 bytes less 24 of header.
    /// </summary>
    private const string Sql = """
        SELECT s.relname, s.n_live_tup, s.n_dead_tup, pg_total_relation_size(c.oid), pg_table_size(c.oid), pg_indexes_size(c.oid),
            CASE WHEN w.width IS NULL OR c.reltuples < 0 THEN NULL
                ELSE greatest(0, pg_relation_size(c.oid) - 8192 * ceil(c.reltuples / floor(8168 / (28 + ceil(w.width / 8) * 8))))::bigint END,
            pg_relation_size(c.oid),
            (io.heap_blks_hit + coalesce(io.idx_blks_hit, 0))::float8
                / nullif(io.heap_blks_hit + io.heap_blks_read + coalesce(io.idx_blks_hit, 0) + coalesce(io.idx_blks_read, 0), 0),
            s.seq_scan, coalesce(s.idx_scan, 0), greatest(s.last_vacuum, s.last_autovacuum), greatest(s.last_analyze, s.last_autoanalyze)
        FROM pg_stat_user_tables s
        JOIN pg_statio_user_tables io USING (relid)
        JOIN pg_class c ON c.oid = s.relid
        LEFT JOIN LATERAL (
            SELECT sum((1 - null_frac) * avg_width)::float8 AS width FROM pg_stats p
            WHERE p.schemaname = s.schemaname AND p.tablename = s.relname) w ON true
        WHERE s.schemaname = 'public'
        ORDER BY pg_total_relation_size(c.oid) DESC, s.relname
        """;

    private static TableFacts Read(Npgsql.NpgsqlDataReader row)
    {
        long? bloat = row.IsDBNull(6) ? null : row.GetInt64(6);
        var heap = row.GetInt64(7);
        return new TableFacts
        {
            Table = row.GetString(0),
            Rows = row.GetInt64(1),
            DeadRows = row.GetInt64(2),
            TotalBytes = row.GetInt64(3),
            TableBytes = row.GetInt64(4),
            IndexBytes = row.GetInt64(5),
            BloatBytes = bloat,
            BloatRatio = bloat is { } bytes && heap > 0 ? Math.Round((double)bytes / heap, 4) : null,
            CacheHitRatio = row.IsDBNull(8) ? null : Math.Round(row.GetDouble(8), 4),
            SequentialScans = row.GetInt64(9),
            IndexScans = row.GetInt64(10),
            LastVacuum = row.IsDBNull(11) ? null : row.GetDateTime(11),
            LastAnalyze = row.IsDBNull(12) ? null : row.GetDateTime(12),
        };
    }
}
