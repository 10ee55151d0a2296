namespace Reco.Core.Catalogue;

/// <summary>Someone who shops.</summary>
/// <param name="Id">Id, at most 128 characters.</param>
/// <param name="Name">What to call them.</param>
public sealed record ShopUser(string Id, string Name);
