using Orleans.Configuration;
using Orleans.Dashboard;
using Reco.Silo.Telemetry;

namespace Reco.Silo.Cluster;

/// <summary>A gateway: a client of the silos.</summary>
internal static class OrleansGateway
{
    public static void Configure(IClientBuilder client, ClusterOptions options, ClusterChoice choice, IConfiguration configuration)
    {
        client.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(options.GatewayCallSeconds));

        // A silo that came or went is known this soon. The default minute would leave a new silo without work from outside.
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        client.Services.AddSingleton<RepeatedCalls>();
        client.AddOutgoingGrainCallFilter<RepeatReads>();
        if (OtlpOptions.IsExported(configuration))
        {
            client.AddActivityPropagation();
        }

        KnownGrainInterfaces.AddTo(client.Services);
        client.UseConnectionRetryFilter<KeepConnecting>();
        client.Services.AddSingleton<ClusterConnection>();
        client.Services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>>(services => services.GetRequiredService<ClusterConnection>());
        client.Services.AddSingleton<IClusterConnectionStatusObserver>(services => services.GetRequiredService<ClusterConnection>());
        client.Services.AddSingleton<IOutgoingGrainCallFilter>(services => services.GetRequiredService<ClusterConnection>());
        if (options.Dashboard)
        {
            client.AddDashboard();
        }

        if (choice.Membership == ClusterMembership.Redis)
        {
            client.UseRedisClustering(redis => redis.ConfigurationOptions = RedisEndpoint.Of(configuration));
        }
        else
        {
            client.UseAdoNetClustering(postgres => (postgres.Invariant, postgres.ConnectionString) = ("Npgsql", choice.Postgres!));
        }
    }
}
