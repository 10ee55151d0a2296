namespace Reco.GrainInterfaces;

/// <summary>What a shopper did. The numbers are on the wire and on disk: add at the end only.</summary>
public enum EventType : byte
{
    /// <summary>Looked at a product.</summary>
    View = 0,

    /// <summary>Put a product into the cart.</summary>
    Cart = 1,

    /// <summary>Liked a product.</summary>
    Like = 2,

    /// <summary>Bought a product.</summary>
    Purchase = 3,

    /// <summary>Searched; carries a query and no product.</summary>
    Search = 4,
}
