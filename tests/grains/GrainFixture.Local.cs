using Microsoft.Extensions.DependencyInjection;
using Reco.Grains.State;
using Reco.Testing;

namespace Reco.Grains.Tests;

/// <content>The single-process host (RecoHost=Local).</content>
internal sealed partial class GrainFixture
{
    private sealed class Host(LocalGrainHost host) : IAsyncDisposable
    {
        public IGrainFactory Grains => host.Grains;

        public IServiceProvider Services => host.Services;

        /// <summary>All of this host's time is the injected clock, its own timeouts too.</summary>
        public static async Task<Host> StartAsync(ManualTimeProvider time, Action<IServiceCollection> configure, short silos)
        {
            ArgumentNullException.ThrowIfNull(time);
            ArgumentOutOfRangeException.ThrowIfNotEqual(silos, (short)1);
            return new Host(await LocalGrainHost.StartAsync(services =>
            {
                configure(services);
                services.AddLocalOrleans(configure: null, typeof(EncodedState).Assembly);
            }));
        }

        public ValueTask DisposeAsync() => host.DisposeAsync();
    }
}
