using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;
using Reco.Testing;

namespace Reco.Grains.Tests;

/// <content>A Microsoft Orleans silo and a client to it, in this process (RecoHost=Orleans).</content>
internal sealed partial class GrainFixture
{
    /// <summary>For tests of what only several silos do.</summary>
    public InProcessTestCluster Cluster => _host.Cluster;

    /// <summary>One silo, unless a test wants more: the clock, the catalogue and the model holder of a test are that silo's. Calls are serialized on their way from the client.</summary>
    private sealed class Host(InProcessTestCluster cluster) : IAsyncDisposable
    {
        public InProcessTestCluster Cluster => cluster;

        public IGrainFactory Grains => cluster.Client;

        public IServiceProvider Services => cluster.GetSiloServiceProvider(cluster.Silos[0].SiloAddress);

        public static async Task<Host> StartAsync(ManualTimeProvider time, Action<IServiceCollection> configure, short silos)
        {
            var builder = new InProcessTestClusterBuilder(silos);
            builder.Options.ConfigureFileLogging = false;
            builder.ConfigureSilo((_, silo) =>
            {
                configure(silo.Services);
                silo.Configure<ClusterMembershipOptions>(membership =>
                    (membership.ProbeTimeout, membership.NumMissedProbesLimit) = (TimeSpan.FromMilliseconds(500), 2));

                // Grain timers follow the test's clock. Membership, messaging and the like need a clock that runs.
                silo.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
                silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, time);
            });
            var cluster = builder.Build();
            try
            {
                await cluster.DeployAsync();
            }
            catch
            {
                await cluster.DisposeAsync();
                throw;
            }

            return new Host(cluster);
        }

        public ValueTask DisposeAsync() => cluster.DisposeAsync();
    }
}
