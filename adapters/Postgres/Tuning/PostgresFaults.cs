using System.Globalization;
using Npgsql;

namespace Reco.Adapters.Postgres.Tuning;

/// <summary>What PostgreSQL's errors mean to who asked.</summary>
internal static class PostgresFaults
{
    private const string Start =
        "PostgreSQL does not answer. Start it, or correct ConnectionStrings:Postgres; the rest of the API goes on without it.";

    /// <summary>An error of a statement of our own; null when it is a bug of ours.</summary>
    public static TuningException? OfLaboratory(NpgsqlException exception) => exception is not PostgresException told
        ? Unavailable(exception)
        : told.SqlState switch
        {
            PostgresErrorCodes.UndefinedTable => NoTables(told),
            PostgresErrorCodes.InsufficientPrivilege => new(
                TuningFault.Unavailable, $"The role of ConnectionStrings:Postgres may not do what the laboratory needs: {Sentence(told)}", told),
            PostgresErrorCodes.QueryCanceled => new(
                TuningFault.TooMuch, "A measured statement took longer than Tuning:StatementTimeoutSeconds. Raise it, or measure on fewer orders.", told),
            _ => Common(told),
        };

    /// <summary>An error of a user's statement.</summary>
    public static TuningException OfUserSql(NpgsqlException exception, TuningOptions options)
    {
        if (exception is not PostgresException told)
        {
            return exception.InnerException is TimeoutException ? TooLong(options, exception) : Unavailable(exception);
        }

        return told.SqlState switch
        {
            PostgresErrorCodes.QueryCanceled => TooLong(options, told),
            "53400" => new(
                TuningFault.TooMuch,
                $"The statement needs more than {options.TempFileMegabytes} MB of temporary files (Tuning:TempFileMegabytes). Select fewer rows or columns.",
                told)
            { Field = "query" },
            PostgresErrorCodes.OutOfMemory => new(
                TuningFault.TooMuch, $"The statement needs too much memory: {Sentence(told)}", told)
            { Field = "query" },
            _ => Common(told) ?? Refused(told),
        };
    }

    private static TuningException TooLong(TuningOptions options, Exception exception) => new(
        TuningFault.TooMuch,
        string.Create(CultureInfo.InvariantCulture, $"The statement was stopped after {options.StatementTimeoutSeconds:0.##} s (Tuning:StatementTimeoutSeconds). Make it cheaper: filter more, or add a LIMIT."),
        exception)
    { Field = "query" };

    private static TuningException Refused(PostgresException told) =>
        // Of all syntax errors, the one that does not speak of the text: it had more than one statement.
        new(
            TuningFault.BadInput,
            $"PostgreSQL refuses the statement: {Sentence(told)}{(told.Routine == "exec_parse_message" ? " Send one statement." : "")}",
            told)
        { Field = "query" };

    /// <summary>What has the same meaning whoever wrote the statement.</summary>
    private static TuningException? Common(PostgresException told) => told.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected => new(
            TuningFault.Busy, "Somebody holds a lock on the tables, or another laboratory is at work. Try again shortly.", told),
        PostgresErrorCodes.TooManyConnections => new(
            TuningFault.Busy, "PostgreSQL has no connection left (max_connections). Try again shortly, or lower Postgres:PoolSize.", told),
        // 08: connection (P01: what we sent was wrong); 28: authentication; 3D: no such database; 57P: shutting down, starting up, database dropped; 58, XX: its disk or itself.
        { } state when (state.StartsWith("08", StringComparison.Ordinal) && state != PostgresErrorCodes.ProtocolViolation) || state.StartsWith("57P", StringComparison.Ordinal) => Unavailable(told),
        { } state when state.StartsWith("28", StringComparison.Ordinal) || state.StartsWith("3D", StringComparison.Ordinal) => new(
            TuningFault.Unavailable, $"PostgreSQL does not let us in: {Sentence(told)} Correct ConnectionStrings:Postgres.", told),
        _ => null,
    };

    public static TuningException NoTables(Exception? inner = null) => new(
        TuningFault.NotSeeded, "The shop's tables are not there yet. Run ./reco seed-database: it makes and fills them.", inner);

    private static TuningException Unavailable(Exception exception) => new(TuningFault.Unavailable, Start, exception);

    /// <summary>PostgreSQL's own message, with where and which.</summary>
    public static string Sentence(PostgresException told)
    {
        var text = told.MessageText.TrimEnd('.');
        text += told.Position > 0 ? string.Create(CultureInfo.InvariantCulture, $", at character {told.Position}") : "";
        text += $" (SQLSTATE {told.SqlState}).";
        return string.IsNullOrEmpty(told.Hint) ? text : $"{text} {told.Hint.TrimEnd('.')}.";
    }
}
