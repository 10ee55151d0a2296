using Npgsql;
using Reco.Adapters.Postgres.Tuning.Plans;

namespace Reco.Adapters.Postgres.Tuning.Measuring;

/// <summary>
/// Runs one form once, inside the open transaction of a connection. A savepoint takes its settings back. A batch keeps to the extended
/// protocol with the text as it is, so that PostgreSQL itself refuses a text with more than one statement.
/// </summary>
internal sealed class FormRunner(NpgsqlConnection connection)
{
    /// <summary>With a clock at every node, which costs more the more rows pass: for the plan, not for the median.</summary>
    public Task<QueryPlan> PlanAsync(QueryForm form, CancellationToken cancellationToken) =>
        ExplainAsync(form, "ANALYZE, BUFFERS, SETTINGS, FORMAT JSON", cancellationToken);

    /// <summary>Execution time without clocks at the nodes.</summary>
    public Task<QueryPlan> TimeAsync(QueryForm form, CancellationToken cancellationToken) =>
        ExplainAsync(form, "ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON", cancellationToken);

    public async Task<RowsDigest> DigestAsync(QueryForm form, bool ordered, long? rowsMax, CancellationToken cancellationToken)
    {
        await using var batch = Batch(form, RowsDigest.Sql(form.Sql, ordered, rowsMax));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var digest = await RowsDigest.ReadAsync(reader, cancellationToken);
        await FinishAsync(reader, cancellationToken);
        return digest;
    }

    private async Task<QueryPlan> ExplainAsync(QueryForm form, string options, CancellationToken cancellationToken)
    {
        await using var batch = Batch(form, $"EXPLAIN ({options})\n{form.Sql}");
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var json = reader.GetString(0);
        await FinishAsync(reader, cancellationToken);
        return PlanReader.Read(json);
    }

    private NpgsqlBatch Batch(QueryForm form, string sql)
    {
        var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SAVEPOINT form"));
        foreach (var setting in form.Settings)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"SET LOCAL {setting}"));
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("ROLLBACK TO SAVEPOINT form"));
        return batch;
    }

    /// <summary>Errors of the statements that follow come out only when their results are asked for.</summary>
    private static async Task FinishAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        while (await reader.NextResultAsync(cancellationToken))
        {
        }
    }
}
