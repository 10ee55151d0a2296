namespace Reco.ClientApi.Contracts;

/// <summary>An element of a list that was refused.</summary>
/// <param name="Index">Its place in the list, from 0.</param>
/// <param name="Field">The field at fault; empty when it is the whole element.</param>
/// <param name="Error">The rule it breaks.</param>
public sealed record Rejection(int Index, string Field, string Error);
