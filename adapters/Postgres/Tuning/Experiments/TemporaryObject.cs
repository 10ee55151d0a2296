using Npgsql;
using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Experiments;

/// <summary>
/// An index or view that exists inside the session's transaction only. Building an index locks out writers of the table until the session
/// ends, reading goes on; so it is the last thing an experiment does, and it gives up where a writer does not let it in within the lock timeout.
/// </summary>
internal sealed record TemporaryObject(bool Made, string Note)
{
    public static async Task<TemporaryObject> BuildAsync(LabSession session, string sql, string what, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("SAVEPOINT build", cancellationToken);
        try
        {
            var took = await session.TimedAsync(sql, cancellationToken);
            return new TemporaryObject(true, Words.Text($"For this request {what} was built in {took.TotalMilliseconds:0} ms, inside a transaction that was rolled back: nothing of it stays."));
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.InsufficientPrivilege)
        {
            await session.ExecuteAsync("ROLLBACK TO SAVEPOINT build", cancellationToken);
            return new TemporaryObject(false, $"The form with {what} is left out: {PostgresFaults.Sentence(refused)}");
        }
    }
}
