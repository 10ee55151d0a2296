namespace Reco.Core.Als;

/// <summary>What a user's vector depends on besides the item factors; the same numbers the model was trained with.</summary>
/// <param name="UnobservedWeight">alpha0 of <see cref="AlsOptions.UnobservedWeight"/>, above 0.</param>
/// <param name="Regularization">lambda of <see cref="AlsOptions.Regularization"/>, above 0.</param>
/// <param name="RegularizationExponent">nu of <see cref="AlsOptions.RegularizationExponent"/>.</param>
/// <param name="Confidence">Confidence of an event weight.</param>
public readonly record struct FoldInParameters(
    double UnobservedWeight, double Regularization, double RegularizationExponent, ConfidenceFunction Confidence)
{
    /// <summary>True when a fold-in with these is well defined.</summary>
    public bool IsValid =>
        UnobservedWeight > 0 && double.IsFinite(UnobservedWeight)
        && Regularization > 0 && double.IsFinite(Regularization)
        && double.IsFinite(RegularizationExponent)
        && Confidence.IsValid;

    /// <summary>The parameters among the options.</summary>
    public static FoldInParameters From(AlsOptions options) => new(
        options.UnobservedWeight, options.Regularization, options.RegularizationExponent, options.Confidence);

    /// <summary>
    /// lambda * (observed + alpha0 * others)^nu (Rendle et al. 2021, section 3.2): the regularisation of a row with so many observations,
    /// against so many rows of the other side.
    /// </summary>
    public double Ridge(int observed, int others) =>
        Regularization * Math.Pow(observed + UnobservedWeight * others, RegularizationExponent);
}
