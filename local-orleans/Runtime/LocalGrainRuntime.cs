using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Local.Invocation;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Local;

/// <summary>What all activations of a host share.</summary>
internal sealed class LocalGrainRuntime : IDisposable
{
    /// <summary>The key of the storage that a state without a storage name is kept in, as in Orleans.</summary>
    public const string DefaultStorage = "Default";

    private readonly Lazy<GrainRegistry> _registry;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stopNow = new();
    private volatile Phase _phase;

    public LocalGrainRuntime(
        IServiceProvider services,
        TimeProvider clock,
        IOptions<LocalOrleansOptions> options,
        ILogger<LocalGrainRuntime> logger,
        IMeterFactory meters)
    {
        Services = services;
        Clock = clock;
        Options = options.Value;
        Logger = logger;
        Stopping = _stopping.Token;
        StopNow = _stopNow.Token;
        InFlight = new InFlightCalls(clock, Options.ResponseTimeout);
        _registry = new Lazy<GrainRegistry>(() => new GrainRegistry(this));
        Metrics = new HostMetrics(meters, InFlight);
    }

    /// <summary>What the host takes: nothing before the start, then everything, then only calls of grains that say farewell, then nothing.</summary>
    public enum Phase
    {
        NotStarted,
        Running,
        Stopping,
        Stopped,
    }

    public IServiceProvider Services { get; }

    public TimeProvider Clock { get; }

    public LocalOrleansOptions Options { get; }

    public ILogger Logger { get; }

    public InFlightCalls InFlight { get; }

    public HostMetrics Metrics { get; }

    /// <summary>The grain classes and interfaces; made and checked when it is first asked for.</summary>
    public GrainRegistry Registry => _registry.Value;

    /// <summary>The host has begun to stop: activations need not begin any more.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>The host's patience with deactivation is at its end.</summary>
    public CancellationToken StopNow { get; }

    public IEnumerable<Activation> Activations => Registry.Classes.SelectMany(grainClass => grainClass.Directory.Activations);

    public void EnterPhase(Phase phase) => _phase = phase;

    /// <summary>Ends the wait for OnActivateAsync and OnDeactivateAsync.</summary>
    public void GiveUp()
    {
        _stopping.Cancel();
        _stopNow.Cancel();
    }

    public IGrainStorage? FindStorage(string? name) =>
        name is not null
            ? Services.GetKeyedService<IGrainStorage>(name)
            : Services.GetKeyedService<IGrainStorage>(DefaultStorage) ?? Services.GetService<IGrainStorage>();

    public void Send(GrainClass grainClass, GrainReference target, GrainCall call)
    {
        call.Send(this, target.GrainId);
        if (!call.IsWanted)
        {
            return;
        }

        var phase = _phase;
        if (phase == Phase.Running || (phase == Phase.Stopping && TurnContext.Current is not null))
        {
            grainClass.Directory.Deliver(target.Key, call);
        }
        else
        {
            call.Refuse(new SiloUnavailableException(phase switch
            {
                Phase.NotStarted => $"{call.Method} to {target.GrainId} was called before the grain host has started. "
                    + "Start the host's services first.",
                Phase.Stopping => $"{call.Method} to {target.GrainId} was called while the grain host stops.",
                _ => $"{call.Method} to {target.GrainId} was called after the grain host has stopped.",
            }));
        }
    }

    public void Dispose()
    {
        InFlight.Dispose();
        _stopping.Dispose();
        _stopNow.Dispose();
    }
}
