namespace Reco.Workload.Purchases.Producing;

/// <summary>Named settings, and the ladder between them that <c>compare</c> runs.</summary>
public static class PurchaseProfiles
{
    /// <summary>The naive form: see <see cref="Baseline"/>.</summary>
    public const string BaselineName = "baseline";

    /// <summary>The naive form with linger 0.</summary>
    public const string BaselineWithoutLingerName = "baseline-without-linger";

    /// <summary>All optimisations.</summary>
    public const string OptimizedName = "optimized";

    /// <summary>One optimisation: its name, what it contributes, and how it is switched on.</summary>
    public sealed record Optimisation(string Name, string Contributes, Func<PurchaseProducerOptions, PurchaseProducerOptions> Apply);

    /// <summary>
    /// Row by row, synchronous, each message awaited before the next is read. Nothing can be batched, since there is never a second
    /// message; linger is the client's default, 5 ms, which each message waits in vain.
    /// </summary>
    public static PurchaseProducerOptions Baseline { get; } = new();

    /// <summary>The optimisations in the order in which they are worth reading.</summary>
    public static IReadOnlyList<Optimisation> Optimisations { get; } =
    [
        new("asynchronous", "the round trip is no longer waited for after each message; the others work on what piles up meanwhile",
            options => options with { IsAsynchronous = true }),
        new("parse", "rows go from bytes to bytes on all cores; before that one core's CSV and JSON work is the ceiling",
            options => options with { ParseWorkers = Environment.ProcessorCount }),
        new("batch-32k", "requests and batch headers are paid once for about 100 messages; a bound of 32 KB keeps latency and the broker's memory low",
            options => options with { BatchBytes = 32 * 1024, BatchMessages = null }),
        new("linger-10ms", "a slow stream still fills its batches; only waiting when each message is awaited, or when batches fill at once anyway",
            options => options with { LingerMs = 10, BatchMessages = null }),
        new("lz4", "fewer bytes over the network and on the broker's disks, for the processor time of compressing them; on loopback it only costs",
            options => options with { Compression = "lz4" }),
        new("buffer-64m", "bounds the memory instead of 1 GiB; a producer faster than its broker waits instead of growing",
            options => options with { BufferKib = 64 * 1024 }),
        new("in-flight-5", "bounds the client's default of 1,000,000 requests to what an idempotent producer may have; keeps a slow broker from being flooded",
            options => options with { InFlightRequests = 5 }),
        new("idempotent", "no speed: retries neither duplicate nor reorder, which makes several requests in flight safe",
            options => options with { IsIdempotent = true }),
    ];

    /// <summary>
    /// The naive form without the waiting in vain: what the others are measured against. Batching is switched off by a setting too,
    /// which changes nothing while each message is awaited, but keeps "asynchronous" alone from batching on the side. (The baseline
    /// itself must leave it on: a batch that is full with one message does not linger.)
    /// </summary>
    public static PurchaseProducerOptions BaselineWithoutLinger { get; } = Baseline with { LingerMs = 0, BatchMessages = 1 };

    /// <summary>All optimisations.</summary>
    public static PurchaseProducerOptions Optimized { get; } =
        Optimisations.Aggregate(BaselineWithoutLinger, (options, optimisation) => optimisation.Apply(options));

    /// <summary>All optimisations but one, which shows what that one adds to the others.</summary>
    public static PurchaseProducerOptions OptimizedWithout(Optimisation left) =>
        Optimisations.Where(o => o != left).Aggregate(BaselineWithoutLinger, (options, optimisation) => optimisation.Apply(options));

    /// <summary>The profile with this name; null when there is none.</summary>
    public static PurchaseProducerOptions? Find(string name) => name switch
    {
        BaselineName => Baseline,
        BaselineWithoutLingerName => BaselineWithoutLinger,
        OptimizedName => Optimized,
        _ => null,
    };
}
