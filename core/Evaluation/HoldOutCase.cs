using Reco.Core.Als;

namespace Reco.Core.Evaluation;

/// <summary>A user to judge a model by. Indexes are those of the model under test.</summary>
/// <param name="Known">What the model may know of the user: the history without the held-out items. These items are not ranked.</param>
/// <param name="HeldOut">The held-out items that the model knows, each once; none of them in <paramref name="Known"/>.</param>
/// <param name="HeldOutCount">
/// All held-out items, at least 1. One that the model does not know counts as missed, or a model could win by knowing fewer items.
/// </param>
public sealed record HoldOutCase(WeightedItem[] Known, int[] HeldOut, int HeldOutCount);

/// <summary>Metrics per user, in the order of the cases, and their means (0 without users).</summary>
/// <param name="NdcgPerUser">NDCG@<see cref="HoldOutEvaluation.NdcgDepth"/> of each user.</param>
/// <param name="RecallPerUser">Recall@<see cref="HoldOutEvaluation.RecallDepth"/> of each user.</param>
public sealed record HoldOutScores(double[] NdcgPerUser, double[] RecallPerUser)
{
    /// <summary>Mean NDCG.</summary>
    public double Ndcg => NdcgPerUser.Length == 0 ? 0 : NdcgPerUser.Average();

    /// <summary>Mean recall.</summary>
    public double Recall => RecallPerUser.Length == 0 ? 0 : RecallPerUser.Average();
}
