using Microsoft.Extensions.Logging;
using Npgsql;

namespace Reco.Adapters.Postgres.Orders;

/// <summary>
/// The order store's own pool. Its connections keep a staging table and prepared statements, so they are not reset between batches; a pooler
/// between this and the server must work in session mode.
/// </summary>
internal static class OrderConnections
{
    /// <summary>As many as there may ever be writers.</summary>
    private const int ConnectionsMax = 64;

    /// <summary>
    /// Ids compare as in the tables. The rows of a batch leave with its transaction. A commit waits for the disk even where the server is set
    /// to promise less: an offset is committed after it, and what the server then lost would be lost for good.
    /// </summary>
    private const string SetUp = """
        CREATE TEMP TABLE order_staging (
            line integer NOT NULL,
            event_id text COLLATE "C" NOT NULL,
            user_id text COLLATE "C" NOT NULL,
            product_id text COLLATE "C" NOT NULL,
            quantity integer NOT NULL,
            unit_price numeric,
            created_at timestamptz NOT NULL) ON COMMIT DELETE ROWS;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
        """;

    public static NpgsqlDataSource Create(PostgresOptions options, ILoggerFactory? loggers) =>
        PostgresRegistration.CreateDataSource(options, loggers, builder =>
        {
            var connection = builder.ConnectionStringBuilder;
            connection.ApplicationName = $"{options.ApplicationName} orders";
            connection.NoResetOnClose = true;
            connection.Multiplexing = false;
            connection.MinPoolSize = 0;
            connection.MaxPoolSize = ConnectionsMax;
            connection.MaxAutoPrepare = 16;
            connection.AutoPrepareMinUsages = 2;
            builder.UsePhysicalConnectionInitializer(
                opened =>
                {
                    using var command = new NpgsqlCommand(SetUp, opened);
                    command.ExecuteNonQuery();
                },
                async opened =>
                {
                    await using var command = new NpgsqlCommand(SetUp, opened);
                    await command.ExecuteNonQueryAsync();
                });
        });
}
