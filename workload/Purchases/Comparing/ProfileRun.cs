using Reco.Workload.Purchases.Messages;
using Reco.Workload.Purchases.Producing;

namespace Reco.Workload.Purchases.Comparing;

/// <summary>A profile and what it did.</summary>
/// <param name="Name">The profile.</param>
/// <param name="Messages">Acknowledged messages of the measured run.</param>
/// <param name="Seconds">From the first byte read to the last acknowledgement.</param>
/// <param name="ContentHash">Of the sample, the same rows for every profile.</param>
/// <param name="AllContentHash">Of the measured run's messages.</param>
/// <param name="IsContentRight">Whether both are what the naive reader makes of the same rows.</param>
public sealed record ProfileRun(string Name, long Messages, double Seconds, string ContentHash, string AllContentHash, bool IsContentRight)
{
    /// <summary>The rate.</summary>
    public double MessagesPerSecond => Messages / Math.Max(Seconds, 1e-9);
}

/// <summary>A profile to be run, and on how much of the file.</summary>
/// <param name="Name">As reported.</param>
/// <param name="Options">Its settings.</param>
/// <param name="Messages">How many messages at most; null for the whole file.</param>
public sealed record PlannedRun(string Name, PurchaseProducerOptions Options, long? Messages)
{
    /// <summary>Every run of a comparison, in order.</summary>
    public static IReadOnlyList<PlannedRun> All(ComparisonOptions options)
    {
        var runs = new List<PlannedRun>
        {
            Plan(PurchaseProfiles.BaselineName, PurchaseProfiles.Baseline),
            Plan(PurchaseProfiles.BaselineWithoutLingerName, PurchaseProfiles.BaselineWithoutLinger),
        };
        runs.AddRange(PurchaseProfiles.Optimisations.Select(o => Plan($"only-{o.Name}", o.Apply(PurchaseProfiles.BaselineWithoutLinger))));
        runs.Add(Plan(PurchaseProfiles.OptimizedName, PurchaseProfiles.Optimized));
        runs.AddRange(PurchaseProfiles.Optimisations.Select(o => Plan($"{PurchaseProfiles.OptimizedName}-without-{o.Name}", PurchaseProfiles.OptimizedWithout(o))));
        return runs;

        PlannedRun Plan(string name, PurchaseProducerOptions profile) => new(
            name,
            profile with { BootstrapServers = options.BootstrapServers, Topic = options.Topic },
            Least(options.Limit, MessagesOf(profile, options.SampleMessages)));
    }

    private static long? MessagesOf(PurchaseProducerOptions profile, long sample) =>
        profile switch
        {
            { IsAsynchronous: false, LingerMs: not 0 } => sample,
            { IsAsynchronous: false } => sample * 10,
            { BatchMessages: 1 } => sample * 100,
            _ => null,
        };

    private static long? Least(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}

/// <summary>What the naive reader makes of the first rows of the file: how many messages, and their hash.</summary>
internal sealed class ReferenceContent
{
    private readonly Dictionary<long, ulong> _sums = [];

    /// <summary>Messages of the whole file.</summary>
    public long Messages { get; private set; }

    public PurchaseTally Tally { get; private init; } = new();

    /// <summary>Reads the whole file, without sending.</summary>
    /// <param name="source">The naive reader.</param>
    /// <param name="marks">After how many messages the hash is wanted.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<ReferenceContent> ReadAsync(IPurchaseSource source, IReadOnlyCollection<long> marks, CancellationToken cancellationToken)
    {
        var content = new ReferenceContent { Tally = source.Tally };
        var wanted = marks.ToHashSet();
        var sum = 0UL;
        await foreach (var batch in source.ReadAsync(cancellationToken))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                sum += batch.Messages[i].Tag;
                content.Messages++;
                if (wanted.Contains(content.Messages))
                {
                    content._sums[content.Messages] = sum;
                }
            }
        }

        content._sums[content.Messages] = sum;
        return content;
    }

    /// <summary>Whether this is the content of the first so many messages, or of all when there are fewer.</summary>
    public bool Is(long? messages, Acknowledged sent)
    {
        var expected = Math.Min(messages ?? long.MaxValue, Messages);
        return sent.Messages == expected && _sums[expected] == sent.ContentHash;
    }
}
