namespace Reco.Core.Als;

/// <summary>A trained model.</summary>
public sealed class AlsModel
{
    private readonly float[] _userFactors;

    internal AlsModel(ItemFactors items, float[] userFactors, IReadOnlyList<double> losses)
    {
        Items = items;
        _userFactors = userFactors;
        Losses = losses;
    }

    /// <summary>Item factors, and what a fold-in needs. An item that nobody touched is all zeros.</summary>
    public ItemFactors Items { get; }

    /// <summary>
    /// User factors, row-major, in the order of the matrix: what folding each training row in gives, to float precision.
    /// </summary>
    public ReadOnlySpan<float> UserFactors => _userFactors;

    /// <summary>The factors of one user.</summary>
    public ReadOnlySpan<float> UserVector(int user) => UserFactors.Slice(user * Items.Factors, Items.Factors);

    /// <summary>The loss after each half-sweep, never rising but for rounding; empty unless <see cref="AlsOptions.TrackLoss"/>.</summary>
    public IReadOnlyList<double> Losses { get; }
}

/// <summary>Item factors to begin training from.</summary>
/// <param name="Factors">An earlier model's.</param>
/// <param name="SourceItems">
/// For each item of the new matrix, its index in the earlier model, or a negative number when it is new.
/// </param>
public sealed record WarmStart(ItemFactors Factors, int[] SourceItems);
