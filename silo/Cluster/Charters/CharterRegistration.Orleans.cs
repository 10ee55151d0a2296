namespace Reco.Silo.Cluster.Charters;

/// <summary>Adds the charter and its gate to a silo of a cluster.</summary>
internal static class CharterRegistration
{
    public static void AddCharter(this ISiloBuilder silo, ClusterOptions options, ClusterChoice choice, IConfiguration configuration)
    {
        silo.Services.AddSingleton<ICharterStore>(choice.Membership == ClusterMembership.Redis
            ? new RedisCharterStore(RedisEndpoint.Of(configuration), options.ServiceId, options.ClusterId)
            : new PostgresCharterStore(choice.Postgres!, options.ClusterId));
        if (choice.Storage == ClusterStorage.Redis)
        {
            silo.Services.AddSingleton<IStateMark>(new RedisStateMark(RedisEndpoint.Of(configuration), options.ServiceId));
        }
        else if (choice.Storage == ClusterStorage.Postgres)
        {
            silo.Services.AddSingleton<IStateMark>(new PostgresStateMark(choice.Postgres!, options.ServiceId));
        }

        silo.Services.AddSingleton<OwnCharter>();
        silo.Services.AddSingleton<CharterGate>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<CharterGate>());
    }
}
