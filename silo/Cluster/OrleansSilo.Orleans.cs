using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Storage;
using Reco.Core.Ports;
using Reco.Grains.State;
using Reco.Silo.Cluster.Charters;
using Reco.Silo.Hosting;
using Reco.Silo.Telemetry;

namespace Reco.Silo.Cluster;

/// <summary>A silo: alone, or one of a cluster.</summary>
internal static class OrleansSilo
{
    private const string Npgsql = "Npgsql";

    public static void Configure(ISiloBuilder silo, ClusterOptions options, ClusterChoice choice, IConfiguration configuration)
    {
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(options.SiloCallSeconds));
        silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromMinutes(options.IdleMinutes));
        if (OtlpOptions.IsExported(configuration))
        {
            // Two filters around each call. Where nobody takes the traces they would be a twelfth of the memory that ingest allocates, for nothing.
            silo.AddActivityPropagation();
        }

        KnownGrainInterfaces.AddTo(silo.Services);
        if (options.Dashboard)
        {
            // Its counters walk over all grains. Every second, as by default, that is 1 % of a core for 3,000 of them, whether somebody looks or not.
            silo.AddDashboard(dashboard => dashboard.CounterUpdateIntervalMs = 10_000);
        }

        silo.AddMembership(options, choice, configuration);
        silo.AddStorage(options.ServiceId, choice, configuration);
    }

    private static void AddMembership(this ISiloBuilder silo, ClusterOptions options, ClusterChoice choice, IConfiguration configuration)
    {
        if (choice.Membership == ClusterMembership.Localhost)
        {
            // This silo is the whole cluster and its clients run inside it: nobody has to know a port, and there is no gateway. Orleans'
            // listeners share a port that is taken (SO_REUSEPORT), so on its default ones two systems on one machine would answer for each other.
            silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0, serviceId: options.ServiceId, clusterId: options.ClusterId);
            return;
        }

        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.Configure<ClusterMembershipOptions>(membership => FailFast(membership, options));
        silo.ConfigureEndpoints(
            Advertised(options.AdvertisedAddress),
            options.SiloPort == 0 ? FreePort() : options.SiloPort,
            options.GatewayPort == 0 ? FreePort() : options.GatewayPort,
            listenOnAnyHostAddress: options.AdvertisedAddress is not "127.0.0.1");
        silo.AddRebalancing();
        UserPlacement.AddTo(silo);
        silo.AddCharter(options, choice, configuration);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, KilledClusterWait>();
        if (choice.Membership == ClusterMembership.Redis)
        {
            silo.UseRedisClustering(redis => redis.ConfigurationOptions = RedisEndpoint.Of(configuration));
        }
        else
        {
            silo.UseAdoNetClustering(postgres => (postgres.Invariant, postgres.ConnectionString) = (Npgsql, choice.Postgres!));
        }
    }

    /// <summary>
    /// A dead silo is out after <see cref="ClusterOptions.MissedProbes"/> probes, about a second by default, instead of Orleans' fifteen.
    /// The price is a false alarm when a silo stands still that long: it leaves, is started again, and its partitions are replayed.
    /// A probe's time is stretched while the silo that asks is itself short of breath. The table is read again every few seconds, so that
    /// news which gossip lost is missed for no longer.
    /// </summary>
    private static void FailFast(ClusterMembershipOptions membership, ClusterOptions options)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(options.ProbeSeconds);
        membership.NumMissedProbesLimit = options.MissedProbes;
        membership.NumVotesForDeathDeclaration = 2; // Orleans takes one where there are only two silos.
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        membership.DefunctSiloExpiration = TimeSpan.FromHours(1);
        membership.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
        membership.MaxJoinAttemptTime = TimeSpan.FromMinutes(2);
    }

    /// <summary>
    /// A grain stays where it was activated, so a silo that joins later would get new grains only, and a shop's grains are old ones. Orleans'
    /// rebalancer moves them, a few at a time, until the silos carry the same load. Marked experimental; without it a third silo has no share.
    /// </summary>
    private static void AddRebalancing(this ISiloBuilder silo)
    {
#pragma warning disable ORLEANSEXP002
        silo.AddActivationRebalancer();
#pragma warning restore ORLEANSEXP002
        silo.Configure<ActivationRebalancerOptions>(rebalancer =>
        {
            rebalancer.RebalancerDueTime = TimeSpan.FromSeconds(20);
            rebalancer.SessionCyclePeriod = TimeSpan.FromSeconds(5);
        });
    }

    private static void AddStorage(this ISiloBuilder silo, string serviceId, ClusterChoice choice, IConfiguration configuration)
    {
        switch (choice.Storage)
        {
            case ClusterStorage.Memory:
                silo.AddMemoryGrainStorage(GrainStorageNames.Grains);
                break;
            case ClusterStorage.Redis:
                silo.AddRedisGrainStorage(GrainStorageNames.Grains, redis =>
                {
                    redis.Configure(options => options.ConfigurationOptions = RedisEndpoint.Of(configuration));
                    redis.Configure(options => options.GrainStorageSerializer = new StateJsonSerializer());
                });
                break;
            case ClusterStorage.Postgres:
                silo.Services.AddKeyedSingleton<IGrainStorage>(
                    GrainStorageNames.Grains, (_, _) => new PostgresGrainStorage(choice.Postgres!, serviceId));
                break;
            default:
                silo.Services.AddKeyedSingleton<IGrainStorage>(
                    GrainStorageNames.Grains, (services, _) => new StateStoreGrainStorage(services.GetRequiredService<IStateStore>()));
                break;
        }
    }

    private static IPAddress Advertised(string? address)
    {
        if (address is null)
        {
            // The first address that others can reach, as in a container; loopback on a machine without a network.
            return Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork).FirstOrDefault(a => !IPAddress.IsLoopback(a)) ?? IPAddress.Loopback;
        }

        return IPAddress.TryParse(address, out var parsed)
            ? parsed
            : Dns.GetHostAddresses(address, AddressFamily.InterNetwork).FirstOrDefault()
                ?? throw new OptionsValidationException(
                    ClusterOptions.Section, typeof(ClusterOptions), [$"Cluster:AdvertisedAddress: '{address}' is no address and has none."]);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
