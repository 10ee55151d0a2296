namespace Reco.Core.Als;

/// <summary>An item of a user's history.</summary>
/// <param name="Item">Index of the item in the matrix or the model, from 0.</param>
/// <param name="Weight">Summed event weight, finite and above 0.</param>
public readonly record struct WeightedItem(int Item, float Weight);
