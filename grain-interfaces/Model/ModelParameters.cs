namespace Reco.GrainInterfaces;

/// <summary>The hyper-parameters that a fold-in needs to give a user the vector that training would have given.</summary>
[GenerateSerializer, Immutable, Alias("reco.ModelParameters")]
public sealed record ModelParameters
{
    /// <summary>Weight of what was not observed.</summary>
    [Id(0)] public required double UnobservedWeight { get; init; }

    /// <summary>Regularisation.</summary>
    [Id(1)] public required double Regularization { get; init; }

    /// <summary>Exponent of the frequency-scaled regularisation.</summary>
    [Id(2)] public required double RegularizationExponent { get; init; }

    /// <summary>Shape of the confidence function: 0 linear, 1 logarithmic.</summary>
    [Id(3)] public required int ConfidenceShape { get; init; }

    /// <summary>Its alpha.</summary>
    [Id(4)] public required double ConfidenceAlpha { get; init; }

    /// <summary>Its scale, in event weight.</summary>
    [Id(5)] public required double ConfidenceScale { get; init; }
}
