using System.ComponentModel.DataAnnotations;
using Reco.Core.Als;

namespace Reco.Core.Training;

/// <summary>When and how the factor model is trained.</summary>
public sealed class TrainingOptions : IValidatableObject
{
    /// <summary>Time between two runs.</summary>
    [Range(0.05, 24 * 60)]
    public double RetrainIntervalMinutes { get; set; } = 5;

    /// <summary>How often to look whether a run is due: the interval is over, or the rows have doubled since the last model.</summary>
    [Range(0.1, 3600)]
    public double CheckIntervalSeconds { get; set; } = 5;

    /// <summary>Fewer users than this are not worth a model.</summary>
    [Range(1, int.MaxValue)]
    public int UsersMin { get; set; } = 10;

    /// <summary>Fewer products than this are not worth a model.</summary>
    [Range(1, int.MaxValue)]
    public int ItemsMin { get; set; } = 10;

    /// <summary>Fewer user-item pairs than this are not worth a model.</summary>
    [Range(1, long.MaxValue)]
    public long InteractionsMin { get; set; } = 100;

    /// <summary>Share of the pairs that no model trains on, so that versions can be compared on them.</summary>
    [Range(0, 0.5)]
    public double HeldOutFraction { get; set; } = 0.03;

    /// <summary>A user's first items that are always trained on.</summary>
    [Range(0, 1000)]
    public int ProtectedItems { get; set; } = 5;

    /// <summary>Users to compare versions on, at most: more add seconds and little certainty.</summary>
    [Range(1, 1_000_000)]
    public int EvaluationUsersMax { get; set; } = 2000;

    /// <summary>Loss of NDCG@10 that is too small to refuse a model for.</summary>
    [Range(0.0, 1.0)]
    public double NdcgTolerance { get; set; } = 0.005;

    /// <summary>Hyper-parameters.</summary>
    public AlsOptions Als { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var error in Als.Errors())
        {
            yield return new ValidationResult($"Als: {error}", [nameof(Als)]);
        }
    }
}
