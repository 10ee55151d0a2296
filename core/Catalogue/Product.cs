namespace Reco.Core.Catalogue;

/// <summary>A product of the shop.</summary>
public sealed record Product
{
    /// <summary>Id, at most 128 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Name, at most 256 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Category, at most 128 characters.</summary>
    public required string Category { get; init; }

    /// <summary>Brand; empty when unknown.</summary>
    public string Brand { get; init; } = "";

    /// <summary>Price of one piece, 0 or more, in the shop's currency.</summary>
    public required decimal Price { get; init; }

    /// <summary>Pieces in stock; 0 means it is not recommended.</summary>
    public int Stock { get; init; } = int.MaxValue;
}
