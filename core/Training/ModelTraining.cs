using Reco.Core.Als;
using Reco.Core.Evaluation;
using Reco.Core.Recommending;

namespace Reco.Core.Training;

/// <summary>How a run ended.</summary>
public enum TrainingDecision
{
    /// <summary>The new model is to be published.</summary>
    Publish,

    /// <summary>There was too little to train on.</summary>
    TooLittleData,

    /// <summary>The new model is worse than the published one.</summary>
    Refuse,
}

/// <summary>What came out of a run.</summary>
/// <param name="Decision">What to do with it.</param>
/// <param name="Detail">One sentence for a person.</param>
/// <param name="Model">The new model; null when there was too little to train on.</param>
/// <param name="Users">Users trained on.</param>
/// <param name="Interactions">User-item pairs trained on.</param>
/// <param name="HeldOut">The new model on the held-out pairs; null when nothing was held out.</param>
public sealed record TrainingResult(
    TrainingDecision Decision, string Detail, ServingModel? Model, int Users, long Interactions, HoldOutScores? HeldOut);

/// <summary>From rows to a model that may be published: train, warm-started from the published one, and judge both on the same held-out pairs.</summary>
public static class ModelTraining
{
    /// <summary>Fewer users than this say nothing about which of two models is worse: the standard error itself is a guess.</summary>
    public const int ComparisonUsersMin = 30;

    /// <summary>Blocks the caller for as long as it takes.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingResult Run(
        TrainingSet set, ServingModel? published, long newVersion, TrainingOptions options, CancellationToken cancellationToken)
    {
        var matrix = set.Matrix;
        if (matrix.Users < options.UsersMin || matrix.Items < options.ItemsMin || matrix.Interactions < options.InteractionsMin)
        {
            return new TrainingResult(
                TrainingDecision.TooLittleData,
                $"{matrix.Users} users, {matrix.Items} products and {matrix.Interactions} pairs; "
                + $"a model needs {options.UsersMin}, {options.ItemsMin} and {options.InteractionsMin}",
                null,
                matrix.Users,
                matrix.Interactions,
                null);
        }

        var trained = AlsTrainer.Train(matrix, options.Als, WarmStartFrom(published, set, options), cancellationToken);
        var model = new ServingModel(newVersion, set.ItemIds, trained.Items);
        var scores = set.Cases.Count == 0
            ? null
            : HoldOutEvaluation.Evaluate(model.Items, set.CasesFor(model.IndexOf), cancellationToken);
        var (decision, detail) = Judge(set, published, scores, options, cancellationToken);
        return new TrainingResult(decision, detail, model, matrix.Users, matrix.Interactions, scores);
    }

    private static (TrainingDecision Decision, string Detail) Judge(
        TrainingSet set, ServingModel? published, HoldOutScores? scores, TrainingOptions options, CancellationToken cancellationToken)
    {
        if (published is null || scores is null || set.Cases.Count < ComparisonUsersMin)
        {
            return (
                TrainingDecision.Publish,
                published is null ? "the first model" : $"only {set.Cases.Count} users with held-out products to compare on");
        }

        var before = HoldOutEvaluation.Evaluate(published.Items, set.CasesFor(published.IndexOf), cancellationToken);
        var comparison = PairedComparison.Of(before.NdcgPerUser, scores.NdcgPerUser);
        var numbers = FormattableString.Invariant(
            $"NDCG@10 {scores.Ndcg:0.0000} after {before.Ndcg:0.0000} on {comparison.Users} users, difference {comparison.MeanDifference:+0.0000;-0.0000} with standard error {comparison.StandardError:0.0000}");
        return comparison.IsWorse(options.NdcgTolerance)
            ? (TrainingDecision.Refuse, $"worse than version {published.Version}: {numbers}")
            : (TrainingDecision.Publish, numbers);
    }

    /// <summary>Factors of the published model where it knows the product; none when the number of factors was changed.</summary>
    private static WarmStart? WarmStartFrom(ServingModel? published, TrainingSet set, TrainingOptions options) =>
        published is null || published.Items.Factors != options.Als.Factors
            ? null
            : new WarmStart(published.Items, [.. set.ItemIds.Select(published.IndexOf)]);
}
