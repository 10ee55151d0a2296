using Npgsql;

namespace Reco.Adapters.Tests.Postgres.Schema;

/// <summary>Everything about a database's tables that two of them can be compared by, a line each.</summary>
internal static class SchemaDescription
{
    private const string Lines = """
        WITH shop AS (
            SELECT oid, relname FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'schema_migrations')
        SELECT format('column %s.%s %s%s default=%s identity=%s collation=%s', relname, attname, format_type(atttypid, atttypmod),
                CASE WHEN attnotnull THEN ' not null' ELSE '' END,
                coalesce(pg_get_expr(adbin, adrelid), '-'), attidentity,
                (SELECT collname FROM pg_collation WHERE oid = attcollation))
            FROM shop JOIN pg_attribute ON attrelid = shop.oid AND attnum > 0 AND NOT attisdropped
            LEFT JOIN pg_attrdef ON adrelid = shop.oid AND adnum = attnum
        UNION ALL
        SELECT format('constraint %s %s %s validated=%s', relname, conname, pg_get_constraintdef(pg_constraint.oid), convalidated)
            FROM shop JOIN pg_constraint ON conrelid = shop.oid
        UNION ALL
        SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') || CASE WHEN indisvalid THEN '' ELSE ' invalid' END
            FROM shop JOIN pg_index ON indrelid = shop.oid
        ORDER BY 1
        """;

    /// <summary>Also what a model cannot say: triggers, and functions.</summary>
    private const string More = """
        SELECT format('trigger %s %s', tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL
        SELECT format('function %s %s', proname, md5(prosrc)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL
        SELECT format('partition %s %s', relname, pg_get_expr(relpartbound, oid)) FROM pg_class WHERE relispartition AND relkind = 'r'
        ORDER BY 1
        """;

    public static async Task<IReadOnlyList<string>> OfTablesAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        return await ReadAsync(source, Lines);
    }

    public static async Task<IReadOnlyList<string>> OfEverythingAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        return [.. await ReadAsync(source, Lines), .. await ReadAsync(source, More)];
    }

    private static async Task<List<string>> ReadAsync(NpgsqlDataSource source, string sql)
    {
        var lines = new List<string>();
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }
}
