using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Reco.Adapters.Postgres.Tuning.UserSql;

/// <summary>
/// The role that users' statements run as: it may log in and SELECT from the shop's tables, and nothing else. Made on first use, under an
/// advisory lock. Its password follows from the main role's, so that every process knows it without telling.
/// </summary>
internal sealed partial class ReaderRole(NpgsqlDataSource main, string connectionString, TuningOptions options, ILogger logger)
{
    /// <summary>"RECO_RDR" in ASCII.</summary>
    private const long LockKey = 0x5245434F_5F524452;

    private const int AttemptsMax = 10;

    /// <summary>What it may read. Dead letters hold whatever somebody sent, and stay out.</summary>
    public static readonly string[] Tables = ["users", "products", "orders", "order_items", "user_events"];

    private readonly NpgsqlConnectionStringBuilder _main = new(connectionString);

    /// <summary>Null when the main role has none: then the server asks for none, and the reader gets none.</summary>
    public string? Password { get; } = PasswordOf(new NpgsqlConnectionStringBuilder(connectionString).Password, options);

    /// <summary>Makes the role and its grants, or brings them up to date.</summary>
    /// <exception cref="TuningException">The main role may not.</exception>
    public async Task ProvideAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var attempt = 1; !await TryProvideAsync(last: attempt == AttemptsMax, cancellationToken); attempt++)
            {
            }
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new TuningException(
                TuningFault.Unavailable,
                $"Users' statements run as the role {options.ReaderRole}, which ConnectionStrings:Postgres may not make. Have a superuser run: {ByHand()} "
                + "Then set Tuning:ReaderPassword to that password.",
                refused);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw PostgresFaults.NoTables(missing);
        }

        LogProvided(logger, options.ReaderRole);
    }

    /// <summary>The lock is the database's and roles are the server's: two databases may meet at the role, and one of them begins again.</summary>
    private async Task<bool> TryProvideAsync(bool last, CancellationToken cancellationToken)
    {
        await using var connection = await main.OpenLiveAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, Provision(), cancellationToken);
            await LimitFilesAsync(connection, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        // XX000 is "tuple concurrently updated".
        catch (PostgresException met) when (!last
            && met.SqlState is PostgresErrorCodes.InternalError or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateObject)
        {
            return false;
        }
    }

    /// <summary>Refuses a role that could do more than it should, whoever made it.</summary>
    public async Task VerifyAsync(NpgsqlConnection reader, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
                OR EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid)
                OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                    AND (c.relowner = r.oid OR has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')))
            FROM pg_roles r WHERE r.rolname = current_user
            """,
            reader);
        if (await command.ExecuteScalarAsync(cancellationToken) is not false)
        {
            throw new TuningException(
                TuningFault.Unavailable,
                $"The role {options.ReaderRole} may do more than read the shop's tables. Take its other rights and memberships away, or name another role in Tuning:ReaderRole.");
        }
    }

    /// <summary>HMAC-SHA256 with the main password as the key: who knows the reader's password learns nothing about the main one.</summary>
    internal static string? PasswordOf(string? mainPassword, TuningOptions options) =>
        options.ReaderPassword.Length > 0 ? options.ReaderPassword
        : string.IsNullOrEmpty(mainPassword) ? null
        : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(mainPassword), Encoding.UTF8.GetBytes("reco reader " + options.ReaderRole)));

    private string Provision()
    {
        var password = Password is { } secret ? $"'{secret.Replace("'", "''")}'" : "NULL";
        var role = options.ReaderRole;
        return string.Create(CultureInfo.InvariantCulture, $"""
            SELECT pg_advisory_xact_lock({LockKey});
            DO $provide$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOINHERIT; END IF;
            END $provide$;
            ALTER ROLE {role} LOGIN PASSWORD {password};
            ALTER ROLE {role} SET default_transaction_read_only = on;
            {Grants()}
            """);
    }

    private string Grants() =>
        $"GRANT USAGE ON SCHEMA public TO {options.ReaderRole}; GRANT SELECT ON {string.Join(", ", Tables)} TO {options.ReaderRole};";

    private string ByHand() => $"CREATE ROLE {options.ReaderRole} LOGIN NOINHERIT PASSWORD '...'; {Grants()}";

    /// <summary>Only a superuser may; without it work_mem and the time limit still hold.</summary>
    private async Task LimitFilesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, "SAVEPOINT limit_files", cancellationToken);
        try
        {
            await ExecuteAsync(
                connection,
                string.Create(CultureInfo.InvariantCulture, $"ALTER ROLE {options.ReaderRole} SET temp_file_limit = '{options.TempFileMegabytes}MB'"),
                cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await ExecuteAsync(connection, "ROLLBACK TO SAVEPOINT limit_files", cancellationToken);
            LogNoFileLimit(logger, options.ReaderRole, _main.Username ?? "");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Information, "Users' statements run as the role {Role}")]
    private static partial void LogProvided(ILogger logger, string role);

    [LoggerMessage(2, LogLevel.Information, "temp_file_limit of {Role} is the server's: {MainRole} may not set it")]
    private static partial void LogNoFileLimit(ILogger logger, string role, string mainRole);
}
