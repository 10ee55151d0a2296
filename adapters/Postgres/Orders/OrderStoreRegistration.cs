using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Postgres.DeadLetters;
using Reco.Core.Ports;

namespace Reco.Adapters.Postgres.Orders;

/// <summary>Adds the order store to a host.</summary>
public static class OrderStoreRegistration
{
    /// <summary>
    /// Registers orders in PostgreSQL, and under the key <paramref name="deadLettersSource"/> the table of dead letters with that source.
    /// After <see cref="PostgresRegistration.AddPostgres"/>.
    /// </summary>
    public static IServiceCollection AddPostgresOrders(this IServiceCollection services, string deadLettersSource)
    {
        services.TryAddSingleton<IOrderStore>(provider => new PostgresOrderStore(
            provider.GetRequiredService<IOptions<PostgresOptions>>().Value, provider.GetService<ILoggerFactory>()));
        services.TryAddKeyedSingleton<IDeadLetterLog>(
            deadLettersSource, (provider, _) => new PostgresDeadLetterLog(provider.GetRequiredService<NpgsqlDataSource>(), deadLettersSource));
        return services;
    }
}
