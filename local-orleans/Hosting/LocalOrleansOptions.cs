using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Orleans.Hosting;

/// <summary>How the local grain host behaves. Times are of the injected clock.</summary>
public sealed class LocalOrleansOptions
{
    /// <summary>How long a caller waits for an answer before it gets a TimeoutException.</summary>
    [Range(typeof(TimeSpan), "00:00:00.0010000", "1.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation may be idle before it is collected.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "1.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan CollectionInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the host waits for all activations to deactivate when it stops.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Activations that deactivate at the same time when the host stops.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentDeactivations { get; set; } = 64;

    /// <summary>Calls that may wait for one activation; a further one is answered with a LimitExceededException.</summary>
    [Range(1, 10_000_000)]
    public int MaxWaitingCallsPerActivation { get; set; } = 10_000;

    /// <summary>Assemblies whose grain classes and interfaces the host knows. Every interface in them must have exactly one class.</summary>
    public ICollection<Assembly> GrainAssemblies { get; } = [];

    /// <summary>Single grain classes, beside those of the assemblies.</summary>
    public ICollection<Type> GrainClasses { get; } = [];
}
