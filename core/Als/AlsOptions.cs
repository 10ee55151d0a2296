using System.ComponentModel.DataAnnotations;

namespace Reco.Core.Als;

/// <summary>Hyper-parameters of <see cref="AlsTrainer"/>.</summary>
/// <remarks>
/// The defaults serve two kinds of shop. UCI Online Retail (4,338 customers, 3,665 products, 266,792 pairs): NDCG@10 0.127 on the 3 % of pairs that
/// training holds out, against 0.022 of a popularity ranking; flat from a regularisation of 0.003 to 0.007, and 0.106 at 0.01, where the rarer factors
/// vanish. The generated shop after 200,000 events (3,980 shoppers, 1,000 products, 77,995 pairs, far sparser a product): 0.121 against 0.071, and only
/// 0.085 at 0.003. They were chosen on these same pairs. More factors help on the first (128: a tenth more), at three times the cost of training.
/// /// </remarks>
public sealed class AlsOptions : IValidatableObject
{
    /// <summary>
    /// Factors of a user or an item: a multiple of 8, so that a row is a whole number of SIMD vectors and no kernel has a tail.
    /// </summary>
    [Range(8, 256)]
    public int Factors { get; set; } = 64;

    /// <summary>Full sweeps (users, then items).</summary>
    [Range(1, 200)]
    public int Iterations { get; set; } = 10;

    /// <summary>Strength of the regularisation, lambda.</summary>
    [Range(1e-6, 1e6)]
    public double Regularization { get; set; } = 0.007;

    /// <summary>
    /// nu of Rendle et al. 2021: row u is regularised with lambda * (|I_u| + alpha0 * |I|)^nu. 0 treats every row alike, 1 scales fully
    /// with how often the row was observed.
    /// </summary>
    [Range(0.0, 2.0)]
    public double RegularizationExponent { get; set; } = 1.0;

    /// <summary>alpha0: weight of the zero that every pair is drawn to, observed or not.</summary>
    [Range(1e-6, 1e3)]
    public double UnobservedWeight { get; set; } = 0.5;

    /// <summary>Shape of the confidence function.</summary>
    [EnumDataType(typeof(ConfidenceShape))]
    public ConfidenceShape ConfidenceShape { get; set; } = ConfidenceShape.Logarithmic;

    /// <summary>Alpha of the confidence function.</summary>
    [Range(0.0, 1e4)]
    public double ConfidenceAlpha { get; set; } = 0.3;

    /// <summary>Scale of the confidence function, in event weight (a view is 1, a purchase 5).</summary>
    [Range(1e-6, 1e6)]
    public double ConfidenceScale { get; set; } = 5.0;

    /// <summary>
    /// Standard deviation of a random initial item vector's length: each factor is drawn from N(0, (this / sqrt(factors))^2).
    /// </summary>
    [Range(1e-6, 10.0)]
    public double InitialDeviation { get; set; } = 0.1;

    /// <summary>Seed of the initial item factors.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>Threads to train on; 0 for all cores. The result does not depend on it.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Compute the loss after each half-sweep; for tests and studies, as it costs about as much as a half-sweep in double precision.</summary>
    public bool TrackLoss { get; set; }

    /// <summary>The confidence function.</summary>
    public ConfidenceFunction Confidence => new(ConfidenceShape, ConfidenceAlpha, ConfidenceScale);

    /// <summary>What is wrong, one sentence each; empty when the options are valid.</summary>
    public IReadOnlyList<string> Errors()
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), results, validateAllProperties: true);
        return [.. results.Select(result => result.ErrorMessage ?? "Invalid.")];
    }

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Factors % ItemFactors.FactorMultiple != 0)
        {
            yield return new ValidationResult(
                $"Factors must be a multiple of {ItemFactors.FactorMultiple}, but is {Factors}.", [nameof(Factors)]);
        }
    }
}
