using System.Runtime.CompilerServices;
using Npgsql;
using Reco.Core.Ports;

namespace Reco.Adapters.Postgres.DeadLetters;

/// <summary>The table dead_letters, as far as it is of one source: who could not process the records.</summary>
public sealed class PostgresDeadLetterLog(NpgsqlDataSource source, string name) : IDeadLetterLog
{
    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The server is away, or refuses.</exception>
    public async ValueTask AppendAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                // Durable when it completes, says the port, whatever the server is set to.
                new NpgsqlBatchCommand("SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'"),
                new NpgsqlBatchCommand(
                    """
                    INSERT INTO dead_letters (source, partition, "offset", reason, payload, recorded_at)
                    VALUES ($1, $2, $3, $4, $5, clock_timestamp())
                    ON CONFLICT (source, partition, "offset") DO NOTHING
                    """)
                {
                    Parameters =
                    {
                        new() { Value = name },
                        new() { Value = letter.Partition },
                        new() { Value = letter.Offset },
                        new() { Value = letter.Reason },
                        new() { Value = letter.Value.ToArray() },
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The server is away, or refuses.</exception>
    public async IAsyncEnumerable<DeadLetter> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            SELECT partition, "offset", reason, payload FROM dead_letters WHERE source = $1 ORDER BY recorded_at, partition, "offset"
            """);
        command.Parameters.Add(new() { Value = name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new DeadLetter(
                reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2), await reader.GetFieldValueAsync<byte[]>(3, cancellationToken));
        }
    }
}
