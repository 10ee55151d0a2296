using Npgsql;
using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Statistics;

/// <summary>An index of the shop's tables.</summary>
public sealed record IndexFacts
{
    public required string Table { get; init; }

    public required string Index { get; init; }

    public required string Definition { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Since the statistics were reset.</summary>
    public required long Scans { get; init; }

    public required long RowsRead { get; init; }

    /// <summary>It keeps a key or a constraint, and so is needed without a scan.</summary>
    public required bool Unique { get; init; }
}

/// <summary>Two indexes, of which the first can do what the second does.</summary>
public sealed record DuplicateIndex(string Table, string Keep, string Redundant, string Reason);

/// <summary>Where an index may be missing.</summary>
public sealed record IndexSuggestion(string Table, string Reason, string? Statement);

/// <summary>The indexes: what they cost, which are used, which are not, and where one may be missing.</summary>
public sealed record IndexAnalysis
{
    public required IReadOnlyList<IndexFacts> Indexes { get; init; }

    /// <summary>Never scanned since the statistics were reset, and no constraint needs them.</summary>
    public required IReadOnlyList<string> Unused { get; init; }

    public required IReadOnlyList<DuplicateIndex> Duplicates { get; init; }

    public required IReadOnlyList<IndexSuggestion> Suggestions { get; init; }

    /// <summary>Since when scans are counted; null for ever.</summary>
    public required DateTime? CountedSince { get; init; }

    private const string IndexesSql = """
        SELECT s.relname, s.indexrelname, pg_get_indexdef(s.indexrelid), pg_relation_size(s.indexrelid), s.idx_scan, s.idx_tup_read,
            i.indisunique OR EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = s.indexrelid)
        FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)
        WHERE s.schemaname = 'public'
        ORDER BY pg_relation_size(s.indexrelid) DESC, s.indexrelname
        """;

    /// <summary>
    /// The same kind of index on the same columns (with operator classes and orders), or on the first of them; with the same expressions and
    /// predicate. A unique one is only made redundant by itself. Of two equal ones the newer goes. (A slice of an array counts from 1, indkey and its like from 0.)
    /// </summary>
    private const string DuplicatesSql = """
        WITH plain AS (
            SELECT i.indexrelid, i.indrelid, c.relname AS name, c.relam, i.indisunique, i.indnkeyatts AS keys,
                (i.indkey::int2[])[0:i.indnkeyatts - 1] AS columns, (i.indclass::oid[])[0:i.indnkeyatts - 1] AS classes,
                (i.indoption::int2[])[0:i.indnkeyatts - 1] AS options, i.indnatts,
                coalesce(pg_get_expr(i.indexprs, i.indrelid), '') AS expressions, coalesce(pg_get_expr(i.indpred, i.indrelid), '') AS predicate
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND i.indisvalid)
        SELECT a.indrelid::regclass::text, a.name, b.name, a.keys = b.keys
        FROM plain a JOIN plain b ON a.indrelid = b.indrelid AND a.indexrelid <> b.indexrelid AND a.relam = b.relam
            AND a.expressions = b.expressions AND a.predicate = b.predicate AND a.indnatts >= b.indnatts
            AND a.columns[1:b.keys] = b.columns AND a.classes[1:b.keys] = b.classes AND a.options[1:b.keys] = b.options
        WHERE NOT b.indisunique AND (a.keys > b.keys OR a.indisunique OR a.indnatts > b.indnatts OR a.indexrelid < b.indexrelid)
        ORDER BY 1, 2, 3
        """;

    /// <summary>Foreign keys that no index begins with, and big tables that are read whole more often than not.</summary>
    private const string SuggestionsSql = """
        SELECT c.conrelid::regclass::text AS relation,
            format('the foreign key %s has no index: each change of a row of %s, and each join from there, reads all of %s',
                c.conname, c.confrelid::regclass, c.conrelid::regclass) AS reason,
            format('CREATE INDEX CONCURRENTLY ON %s (%s)', c.conrelid::regclass,
                (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY AS k(attnum, n)
                 JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum)) AS statement
        FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
        WHERE c.contype = 'f' AND n.nspname = 'public' AND NOT EXISTS (
            SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indisvalid AND i.indpred IS NULL
            AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
        UNION ALL
        SELECT s.relname::text, format(
            '%s sequential scans read %s rows each on average, against %s index scans: look at the plans of its queries (POST /db-tuning/query-plan)',
            s.seq_scan, s.seq_tup_read / s.seq_scan, coalesce(s.idx_scan, 0)), NULL
        FROM pg_stat_user_tables s
        WHERE s.schemaname = 'public' AND s.seq_scan >= 10 AND s.n_live_tup >= 10000
            AND s.seq_tup_read / s.seq_scan >= s.n_live_tup / 10 AND s.seq_scan > coalesce(s.idx_scan, 0) / 10
        ORDER BY 1, 2
        """;

    internal static async Task<IndexAnalysis> ReadAsync(LabSession session, CancellationToken cancellationToken)
    {
        var indexes = await session.QueryAsync(IndexesSql, ReadIndex, cancellationToken);
        if (indexes.Count == 0)
        {
            throw PostgresFaults.NoTables();
        }

        var since = await session.QueryAsync(
            "SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()",
            row => row.IsDBNull(0) ? (DateTime?)null : row.GetDateTime(0),
            cancellationToken);
        return new IndexAnalysis
        {
            Indexes = indexes,
            Unused = [.. indexes.Where(index => index is { Scans: 0, Unique: false }).Select(index => index.Index)],
            Duplicates = await session.QueryAsync(DuplicatesSql, ReadDuplicate, cancellationToken),
            Suggestions = await session.QueryAsync(
                SuggestionsSql,
                row => new IndexSuggestion(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)),
                cancellationToken),
            CountedSince = since[0],
        };
    }

    private static IndexFacts ReadIndex(NpgsqlDataReader row) => new()
    {
        Table = row.GetString(0),
        Index = row.GetString(1),
        Definition = row.GetString(2),
        Bytes = row.GetInt64(3),
        Scans = row.GetInt64(4),
        RowsRead = row.GetInt64(5),
        Unique = row.GetBoolean(6),
    };

    private static DuplicateIndex ReadDuplicate(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.GetBoolean(3) ? "both have the same columns in the same order" : "its columns are the first of the other's");
}
