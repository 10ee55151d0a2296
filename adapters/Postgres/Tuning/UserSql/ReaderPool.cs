using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Reco.Adapters.Postgres.Tuning.UserSql;

/// <summary>The reader's own few connections, capped from their start: statements of users never take one that the shop's writing needs.</summary>
internal sealed class ReaderPool : IAsyncDisposable
{
    /// <summary>The client's own clock, in case the server's does not strike.</summary>
    private const double ClientGraceSeconds = 3;

    private readonly ReaderRole _role;
    private readonly NpgsqlDataSource _source;
    private volatile bool _verified;

    public ReaderPool(NpgsqlDataSource main, string connectionString, TuningOptions options, ILoggerFactory loggers)
    {
        _role = new ReaderRole(main, connectionString, options, loggers.CreateLogger<ReaderRole>());
        var connection = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Username = options.ReaderRole,
            Password = _role.Password,
            ApplicationName = "reco-reader",
            MinPoolSize = 0,
            MaxPoolSize = options.ReadersMax,
            Timeout = options.ConnectTimeoutSeconds,
            CommandTimeout = (int)Math.Ceiling(options.StatementTimeoutSeconds + ClientGraceSeconds),
            // The parser's tree comes as the detail of a notice (StatementJudge).
            IncludeErrorDetail = true,
            Options = string.Create(CultureInfo.InvariantCulture, $"-c default_transaction_read_only=on -c statement_timeout={Ms(options.StatementTimeoutSeconds)} -c lock_timeout={Ms(options.LockTimeoutSeconds)} -c work_mem={options.WorkMemMegabytes}MB -c idle_in_transaction_session_timeout=60000 -c search_path=public -c timezone=UTC -c jit=off"),
        };
        _source = new NpgsqlDataSourceBuilder(connection.ConnectionString).Build();
    }

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        if (_verified)
        {
            return connection;
        }

        try
        {
            await _role.VerifyAsync(connection, cancellationToken);
            _verified = true;
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (!_verified && !await IsReadyAsync(cancellationToken))
        {
            await _role.ProvideAsync(cancellationToken);
        }

        return await _source.OpenLiveAsync(cancellationToken);
    }

    /// <summary>Whether the role is there and may read: somebody may have made it by hand, or another process.</summary>
    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenLiveAsync(cancellationToken);
            await using var command = new NpgsqlCommand(
                "SELECT bool_and(coalesce(has_table_privilege(to_regclass('public.' || name), 'SELECT'), false)) FROM unnest($1) AS name", connection)
            { Parameters = { new() { Value = ReaderRole.Tables } } };
            return await command.ExecuteScalarAsync(cancellationToken) is true;
        }
        catch (PostgresException refused) when (
            refused.SqlState is PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidPassword)
        {
            return false;
        }
    }

    private static int Ms(double seconds) => (int)(seconds * 1_000);

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
