using Npgsql;

namespace Reco.Adapters.Postgres.Seeding;

/// <summary>
/// Takes the keys and indexes off tables that are about to be filled, and puts the very same back: building an index over rows that are
/// there is several times as fast as keeping it while they come. Inside a transaction, so a failure in between leaves them as they were.
/// </summary>
internal sealed class TableRebuild
{
    /// <summary>Keys of these tables, and foreign keys to them. Foreign keys last: they rest on the others.</summary>
    private const string Constraints = """
        SELECT conrelid::regclass::text, format('%I', conname), pg_get_constraintdef(oid)
        FROM pg_constraint
        WHERE contype IN ('p', 'u', 'x', 'f') AND (conrelid = ANY ($1::regclass[]) OR (contype = 'f' AND confrelid = ANY ($1::regclass[])))
        ORDER BY contype = 'f', contype <> 'p', conrelid, conname
        """;

    private const string Indexes = """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
        FROM pg_index
        WHERE indrelid = ANY ($1::regclass[])
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
        ORDER BY indexrelid::regclass::text
        """;

    private readonly NpgsqlConnection _connection;
    private readonly List<(string Table, string Name, string Definition)> _constraints = [];
    private readonly List<(string Name, string Definition)> _indexes = [];

    private TableRebuild(NpgsqlConnection connection) => _connection = connection;

    /// <summary>How many statements <see cref="RestoreAsync"/> takes.</summary>
    public int Steps => _constraints.Count + _indexes.Count;

    public static async Task<TableRebuild> StripAsync(NpgsqlConnection connection, string[] tables, CancellationToken cancellationToken)
    {
        var rebuild = new TableRebuild(connection);
        await rebuild.ReadAsync(Constraints, tables, row => rebuild._constraints.Add((row.GetString(0), row.GetString(1), row.GetString(2))), cancellationToken);
        await rebuild.ReadAsync(Indexes, tables, row => rebuild._indexes.Add((row.GetString(0), row.GetString(1))), cancellationToken);
        foreach (var (table, name, _) in Enumerable.Reverse(rebuild._constraints))
        {
            await rebuild.RunAsync($"ALTER TABLE {table} DROP CONSTRAINT {name}", cancellationToken);
        }

        foreach (var (name, _) in rebuild._indexes)
        {
            await rebuild.RunAsync($"DROP INDEX {name}", cancellationToken);
        }

        return rebuild;
    }

    public async Task RestoreAsync(Action<int> stepDone, CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var (table, name, definition) in _constraints.Where(constraint => !IsForeignKey(constraint.Definition)))
        {
            await RunAsync($"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}", cancellationToken);
            stepDone(++done);
        }

        foreach (var (_, definition) in _indexes)
        {
            await RunAsync(definition, cancellationToken);
            stepDone(++done);
        }

        foreach (var (table, name, definition) in _constraints.Where(constraint => IsForeignKey(constraint.Definition)))
        {
            await RunAsync($"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}", cancellationToken);
            stepDone(++done);
        }
    }

    private static bool IsForeignKey(string definition) => definition.StartsWith("FOREIGN KEY", StringComparison.Ordinal);

    private async Task ReadAsync(string sql, string[] tables, Action<NpgsqlDataReader> row, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection) { Parameters = { new() { Value = tables } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            row(reader);
        }
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
