namespace Reco.Core.Als;

/// <summary>The shape of a <see cref="ConfidenceFunction"/>.</summary>
public enum ConfidenceShape
{
    /// <summary>c = 1 + alpha * w / scale.</summary>
    Linear = 0,

    /// <summary>c = 1 + alpha * ln(1 + w / scale): the hundredth view says less than the second.</summary>
    Logarithmic = 1,
}

/// <summary>
/// Confidence of an observed pair from its event weight (Hu, Koren and Volinsky 2008, section 4: the linear and the
/// logarithmic form). An alpha of 0 makes every observed pair count 1.
/// </summary>
/// <param name="Shape">Linear or logarithmic.</param>
/// <param name="Alpha">How fast confidence grows with the weight, 0 or more.</param>
/// <param name="Scale">The weight that counts as one step, above 0.</param>
public readonly record struct ConfidenceFunction(ConfidenceShape Shape, double Alpha, double Scale)
{
    /// <summary>
    /// No confidence is larger: past a million to one a single pair already decides its row, and more would only drown the rest in
    /// rounding.
    /// </summary>
    public const float Max = 1e6f;

    /// <summary>True when the fields are in their ranges.</summary>
    public bool IsValid => Enum.IsDefined(Shape) && Alpha >= 0 && double.IsFinite(Alpha) && Scale > 0 && double.IsFinite(Scale);

    /// <summary>The confidence of a weight above 0: 1 to <see cref="Max"/>.</summary>
    public float Of(float weight) => (float)Math.Min(Max, 1 + Alpha * (Shape switch
    {
        ConfidenceShape.Linear => weight / Scale,
        ConfidenceShape.Logarithmic => Math.Log(1 + weight / Scale),
        _ => throw new InvalidOperationException($"Unknown confidence shape {Shape}."),
    }));
}
