using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace Reco.Adapters.Postgres.Schema;

/// <summary>Brings a database to the newest schema.</summary>
public sealed partial class SchemaMigrator(NpgsqlDataSource source, ILogger<SchemaMigrator>? logger = null)
{
    private readonly ILogger _logger = logger ?? NullLogger<SchemaMigrator>.Instance;

    /// <summary>
    /// Applies what is missing and answers how many migrations that were. Several processes may call it at once: they take turns by an
    /// advisory lock, and all but the first find nothing to do.
    /// </summary>
    /// <exception cref="NpgsqlException">The server is away, or refuses.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);

        // The lock is the session's, so the migrations have to run on this connection: should it break, both end together.
        await using var held = await AdvisoryLock.AcquireAsync(connection, AdvisoryLock.Schema, cancellationToken);
        await using var context = new RecoDbContext(OptionsFor(connection));
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            await context.Database.MigrateAsync(cancellationToken);
            LogMigrated(string.Join(", ", pending));
        }

        return pending.Count;
    }

    /// <summary>The same model and history table for whoever makes a context.</summary>
    internal static void Configure(NpgsqlDbContextOptionsBuilder npgsql) =>
        npgsql.MigrationsHistoryTable("schema_migrations").MigrationsAssembly(typeof(RecoDbContext).Assembly.GetName().Name);

    private static DbContextOptions<RecoDbContext> OptionsFor(NpgsqlConnection connection) =>
        new DbContextOptionsBuilder<RecoDbContext>()
            .UseNpgsql(connection, npgsql =>
            {
                Configure(npgsql);

                // A migration of a large table takes the time it takes.
                npgsql.CommandTimeout(0);
            })
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options;

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL schema: applied {Migrations}")]
    private partial void LogMigrated(string migrations);
}
