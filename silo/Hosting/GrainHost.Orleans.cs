using Microsoft.Extensions.Options;
using Reco.Silo.Cluster;
using Reco.Silo.Doctor;
using Reco.Silo.Options;
using StackExchange.Redis;

namespace Reco.Silo.Hosting;

/// <summary>The grains in a Microsoft Orleans silo, or a gateway to such silos (RecoHost=Orleans).</summary>
internal static class GrainHost
{
    public const string Name = "orleans";

    public static void AddGrainHost(this WebApplicationBuilder builder)
    {
        var (options, choice) = builder.AddCluster();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.ShutdownSeconds));
        builder.Services.AddHealthChecks().AddCheck<SiloHealthCheck>("silo");
        builder.UseOrleans(silo => OrleansSilo.Configure(silo, options, choice, builder.Configuration));
    }

    /// <exception cref="OptionsValidationException">There is no cluster to be a gateway of.</exception>
    public static void AddGrainClient(this WebApplicationBuilder builder)
    {
        var (options, choice) = builder.AddCluster();
        if (choice.Membership == ClusterMembership.Localhost)
        {
            throw new OptionsValidationException(
                Cluster.ClusterOptions.Section,
                typeof(Cluster.ClusterOptions),
                ["Cluster:Membership: a gateway needs silos to talk to. Set Redis:Endpoint and Kafka:BootstrapServers, or Cluster:Membership."]);
        }

        // The gateway answers, that it is not ready, while it looks for silos.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.UseOrleansClient(client => OrleansGateway.Configure(client, options, choice, builder.Configuration));
        builder.Services.AddHealthChecks().AddCheck<ClusterHealthCheck>("cluster");
    }

    public static void MapGrainHost(this WebApplication app)
    {
        if (app.Services.GetService<ClusterConnection>() is { } connection)
        {
            app.Use(connection.InvokeAsync);
        }

        if (app.Services.GetRequiredService<IOptions<Cluster.ClusterOptions>>().Value.Dashboard)
        {
            app.MapClusterDashboard();
        }
    }

    public static IAsyncEnumerable<StoredState> RedisStates(IConfiguration configuration, string serviceId, CancellationToken cancellationToken) =>
        Doctor.RedisStates.ReadAsync(RedisEndpoint.Of(configuration), serviceId, cancellationToken);

    /// <summary>The storage does not answer, or refuses.</summary>
    public static bool IsStorageFailure(Exception failure) => failure is RedisException;

    private static (Cluster.ClusterOptions Options, ClusterChoice Choice) AddCluster(this WebApplicationBuilder builder)
    {
        builder.Services.AddRecoOptions<Cluster.ClusterOptions>(Cluster.ClusterOptions.Section);
        var options = new Cluster.ClusterOptions();
        builder.Configuration.GetSection(Cluster.ClusterOptions.Section).BindStrictly(options);
        var choice = ClusterChoice.Of(options, builder.Configuration);

        // Before Orleans, which gives up when its list of silos cannot be read.
        builder.Services.AddSingleton(choice);
        builder.Services.AddHostedService<MembershipGate>();
        return (options, choice);
    }
}
