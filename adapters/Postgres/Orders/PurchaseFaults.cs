using System.Text;
using Npgsql;

namespace Reco.Adapters.Postgres.Orders;

/// <summary>Tells what is wrong with a purchase from what is wrong with the server, by the classes of PostgreSQL's appendix A, "Error Codes".</summary>
internal static class PurchaseFaults
{
    private const string DataExceptions = "22";
    private const string IntegrityViolations = "23";

    /// <summary>Whether a row of the batch is at fault, so that a batch without it would pass.</summary>
    public static bool IsOfARow(Exception failure) => failure switch
    {
        // Text that is no Unicode does not even leave this process.
        EncoderFallbackException => true,

        // A user or product that went while we were writing comes back with the next attempt, so a foreign key is no fault of the row.
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } => false,
        PostgresException { SqlState: PostgresErrorCodes.RaiseException } => true,
        PostgresException fault => IsClass(fault, DataExceptions) || IsClass(fault, IntegrityViolations),
        _ => false,
    };

    /// <summary>
    /// Whether the values alone are at fault, whatever else the tables hold or demand. The others depend on constraints and triggers, which may
    /// refuse everything.
    /// </summary>
    public static bool IsOfValues(Exception failure) =>
        failure is EncoderFallbackException || (failure is PostgresException fault && IsClass(fault, DataExceptions));

    public static string Describe(Exception failure) => failure is PostgresException fault
        ? $"PostgreSQL refuses it: {fault.MessageText} ({fault.SqlState})"
        : $"PostgreSQL cannot keep it: {failure.Message}";

    private static bool IsClass(PostgresException fault, string prefix) => fault.SqlState.StartsWith(prefix, StringComparison.Ordinal);
}
