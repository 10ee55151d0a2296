using Microsoft.Extensions.Logging;
using Reco.Workload.Purchases.Messages;
using Reco.Workload.Purchases.Parsing;
using Reco.Workload.Purchases.Producing;
using Reco.Workload.Retail;

namespace Reco.Workload.Purchases.Comparing;

/// <summary>
/// Sends the same file with every profile, one after the other. Each first sends the sample, which is checked and brings code and
/// connections up to speed, and is then measured several times, of which the median counts. What each got acknowledged is compared with what the naive reader makes of the same rows.
/// </summary>
public sealed class PurchaseComparison(ComparisonOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Runs every profile, in order.</summary>
    /// <param name="file">The file.</param>
    /// <param name="done">Told of each run when it is done.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="PurchaseDeliveryException">The broker did not take a message.</exception>
    public async Task<ComparisonResult> RunAsync(RetailFile file, Action<ProfileRun> done, CancellationToken cancellationToken)
    {
        var planned = PlannedRun.All(options);
        var reference = await ReferenceContent.ReadAsync(
            new RowPurchaseSource(file, options.Limit),
            [options.SampleMessages, .. planned.Select(p => p.Messages).OfType<long>()],
            cancellationToken);
        var runs = new List<ProfileRun>();
        foreach (var plan in planned)
        {
            runs.Add(await RunAsync(file, plan, reference, cancellationToken));
            done(runs[^1]);
        }

        return new ComparisonResult(runs, reference.Messages, reference.Tally);
    }

    private async Task<ProfileRun> RunAsync(
        RetailFile file, PlannedRun plan, ReferenceContent reference, CancellationToken cancellationToken)
    {
        var producer = new PurchaseProducer(plan.Options, time, logger);
        var sample = await producer.RunAsync(file, options.SampleMessages, cancellationToken);
        var isRight = reference.Is(options.SampleMessages, sample.Acknowledged);
        var measured = new List<PurchaseProduceResult>();
        if (plan.Messages <= options.SampleMessages)
        {
            measured.Add(sample);
        }

        while (measured.Count < (plan.Messages <= options.SampleMessages ? 1 : options.Repeats))
        {
            measured.Add(await producer.RunAsync(file, plan.Messages, cancellationToken));
            isRight &= reference.Is(plan.Messages, measured[^1].Acknowledged);
        }

        var median = measured.OrderBy(run => run.Elapsed).ElementAt(measured.Count / 2);
        return new ProfileRun(
            plan.Name,
            median.Acknowledged.Messages,
            median.Elapsed.TotalSeconds,
            ContentHash.Text(sample.Acknowledged.ContentHash),
            ContentHash.Text(median.Acknowledged.ContentHash),
            isRight);
    }
}

/// <summary>What a comparison found.</summary>
/// <param name="Runs">Each profile.</param>
/// <param name="Messages">Messages of the whole file.</param>
/// <param name="Tally">What became of the file's rows.</param>
public sealed record ComparisonResult(IReadOnlyList<ProfileRun> Runs, long Messages, PurchaseTally Tally)
{
    /// <summary>Whether every profile sent what it should.</summary>
    public bool IsContentRight => Runs.All(run => run.IsContentRight);

    /// <summary>How much faster the profile is than another, message for message.</summary>
    public double Ratio(string name, string to) => Run(name).MessagesPerSecond / Run(to).MessagesPerSecond;

    /// <summary>The optimised form to both naive ones, and each single step to the naive one without linger.</summary>
    public IReadOnlyDictionary<string, double> Ratios()
    {
        var ratios = new Dictionary<string, double>
        {
            ["optimized_to_baseline"] = Ratio(PurchaseProfiles.OptimizedName, PurchaseProfiles.BaselineName),
            ["optimized_to_baseline_without_linger"] = Ratio(PurchaseProfiles.OptimizedName, PurchaseProfiles.BaselineWithoutLingerName),
        };
        foreach (var name in PurchaseProfiles.Optimisations.Select(o => o.Name))
        {
            var snake = name.Replace('-', '_');
            ratios[$"only_{snake}_to_baseline_without_linger"] = Ratio($"only-{name}", PurchaseProfiles.BaselineWithoutLingerName);
            ratios[$"optimized_to_optimized_without_{snake}"] = Ratio(PurchaseProfiles.OptimizedName, $"{PurchaseProfiles.OptimizedName}-without-{name}");
        }

        return ratios;
    }

    private ProfileRun Run(string name) => Runs.Single(run => run.Name == name);
}
