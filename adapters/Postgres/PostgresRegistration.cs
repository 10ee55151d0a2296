using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Postgres.Schema;

namespace Reco.Adapters.Postgres;

/// <summary>Adds PostgreSQL to a host.</summary>
public static class PostgresRegistration
{
    /// <summary>
    /// Registers one <see cref="NpgsqlDataSource"/> for the process, <see cref="SchemaMigrator"/> and a factory of
    /// <see cref="RecoDbContext"/>. Nothing connects before it is used. Calling it again changes nothing.
    /// </summary>
    public static IServiceCollection AddPostgres(this IServiceCollection services, Action<PostgresOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(NpgsqlDataSource)))
        {
            return services;
        }

        services.AddOptions<PostgresOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresOptions>, PostgresOptionsValidator>());
        services.AddSingleton(provider => CreateDataSource(
            provider.GetRequiredService<IOptions<PostgresOptions>>().Value, provider.GetService<ILoggerFactory>()));
        services.AddSingleton(provider => new SchemaMigrator(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetService<ILogger<SchemaMigrator>>()));
        services.AddDbContextFactory<RecoDbContext>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), SchemaMigrator.Configure)
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)));
        return services;
    }

    /// <summary>The pool that the options describe, for those without a host, and for those who need one set up in their own way.</summary>
    public static NpgsqlDataSource CreateDataSource(
        PostgresOptions options, ILoggerFactory? loggers = null, Action<NpgsqlDataSourceBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        var connection = builder.ConnectionStringBuilder;
        connection.ApplicationName = options.ApplicationName;
        connection.MaxPoolSize = options.PoolSize;
        connection.MinPoolSize = Math.Min(connection.MinPoolSize, options.PoolSize);
        connection.Timeout = options.ConnectTimeoutSeconds;
        connection.CommandTimeout = options.CommandTimeoutSeconds;
        connection.KeepAlive = options.KeepAliveSeconds;
        if (loggers is not null)
        {
            builder.UseLoggerFactory(loggers);
        }

        configure?.Invoke(builder);
        return builder.Build();
    }
}
