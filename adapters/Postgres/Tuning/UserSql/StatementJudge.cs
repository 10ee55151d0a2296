using System.Data;
using Npgsql;

namespace Reco.Adapters.Postgres.Tuning.UserSql;

/// <summary>
/// Decides whether a user's statement may run, by what PostgreSQL's parser makes of it: it is parsed by the server (one statement, as the
/// extended protocol takes no more) and not executed; then its functions and tables are looked up by their ids. The reader role and the
/// read-only transaction would stop writing anyhow; this stops what a reader may do and should not: lift the caps (set_config, an UPDATE of
/// pg_settings), take locks, draw from sequences, run text as SQL, look into the system's catalogues.
/// </summary>
internal static class StatementJudge
{
    /// <summary>Volatile functions that change nothing and lift nothing. pg_sleep runs into statement_timeout like anything that is slow.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "random", "clock_timestamp", "timeofday", "gen_random_uuid", "pg_sleep", "pg_sleep_for", "pg_sleep_until",
    };

    /// <returns>The statement, ready to be put inside another.</returns>
    /// <exception cref="TuningException">It may not run.</exception>
    public static async Task<string> JudgeAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(sql))
        {
            throw Nothing();
        }

        var tree = await ParseAsync(connection, sql, cancellationToken);
        if (!tree.IsSelect)
        {
            throw Refuse("Only a SELECT runs here, and nothing in it may write: no INSERT, UPDATE, DELETE or MERGE, not in WITH either, and no other command.");
        }

        if (tree.LocksRows)
        {
            throw Refuse("FOR UPDATE and FOR SHARE lock rows of the shop. Leave them out.");
        }

        if (tree.HasParameters)
        {
            throw Refuse("It has a parameter ($1), and no value comes with it. Write the value into the text.");
        }

        await CheckFunctionsAsync(connection, tree.Functions, cancellationToken);
        await CheckRelationsAsync(connection, tree.Relations, cancellationToken);
        return tree.Statement;
    }

    private static async Task<ParseTree> ParseAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        string? printed = null;
        void Take(object sender, NpgsqlNoticeEventArgs told) => printed ??= told.Notice.Detail;

        await ExecuteAsync(connection, "SET LOCAL client_min_messages = log; SET LOCAL debug_pretty_print = off; SET LOCAL debug_print_parse = on", cancellationToken);
        connection.Notice += Take;
        try
        {
            await using var batch = connection.CreateBatch();
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
            // Parse and Describe, without Execute.
            await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);
        }
        finally
        {
            connection.Notice -= Take;
        }

        await ExecuteAsync(connection, "SET LOCAL debug_print_parse = off; SET LOCAL client_min_messages = notice", cancellationToken);
        return ParseTree.Read(printed, sql)
            // A mere comment has no tree.
            ?? throw Nothing();
    }

    private static async Task CheckFunctionsAsync(NpgsqlConnection connection, IReadOnlyList<uint> oids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT p.proname, n.nspname, p.provolatile = 'v' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE p.oid = ANY ($1) ORDER BY p.proname
            """,
            connection)
        { Parameters = { new() { Value = oids.ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (name, schema, changing) = (reader.GetString(0), reader.GetString(1), reader.GetBoolean(2));
            if (schema != "pg_catalog")
            {
                throw Refuse($"It calls {schema}.{name}: only PostgreSQL's own functions run here.");
            }

            // table_to_xml and its like read tables by name, past the check of tables.
            if ((changing && !Harmless.Contains(name)) || name.Contains("_to_xml", StringComparison.Ordinal))
            {
                throw Refuse($"It calls {name}, which may change settings, locks, sequences or files. Leave it out.");
            }
        }
    }

    private static async Task CheckRelationsAsync(NpgsqlConnection connection, IReadOnlyList<uint> oids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = ANY ($1) AND n.nspname <> 'public' ORDER BY 1 LIMIT 1
            """,
            connection)
        { Parameters = { new() { Value = oids.ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid } } };
        if (await command.ExecuteScalarAsync(cancellationToken) is string system)
        {
            throw Refuse($"It reads {system}: only the shop's tables are open here ({string.Join(", ", ReaderRole.Tables)}).");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static TuningException Nothing() => Refuse("PostgreSQL finds no statement in it. Send one SELECT.");

    private static TuningException Refuse(string sentence) => new(TuningFault.BadInput, sentence) { Field = "query" };
}
