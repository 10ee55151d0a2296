namespace Reco.Core.Ports;

/// <summary>The shop's orders. Safe to use from any thread.</summary>
public interface IOrderStore
{
    /// <summary>
    /// Makes one paid order of each purchase whose event id has none yet; durable when it completes. Of several purchases with one event
    /// id, in this call or ever before, the first counts, so sending a purchase again changes nothing. A user or product that the shop
    /// does not know gets a row. A purchase that can never become an order is refused, and keeps no other from becoming one.
    /// </summary>
    /// <exception cref="OrderStoreException">
    /// The store cannot take them now. Some may have become orders: send all of them again later.
    /// </exception>
    ValueTask<OrdersAdded> AddAsync(IReadOnlyList<Purchase> purchases, CancellationToken cancellationToken);
}

/// <summary>What becomes an order with one item.</summary>
/// <param name="EventId">Of the purchase event; unique among orders.</param>
/// <param name="UserId">Who bought.</param>
/// <param name="ProductId">What.</param>
/// <param name="Quantity">Pieces, 1 or more.</param>
/// <param name="UnitPrice">Price of one piece; null means the product's present price, or 0 when that is not known either.</param>
/// <param name="TimestampMs">When, milliseconds since the Unix epoch.</param>
public sealed record Purchase(string EventId, string UserId, string ProductId, int Quantity, decimal? UnitPrice, long TimestampMs);

/// <summary>What became of a call's purchases; those in neither number were orders already.</summary>
/// <param name="Added">New orders.</param>
/// <param name="Refused">Purchases that can never become orders, in the order of the call.</param>
public sealed record OrdersAdded(int Added, IReadOnlyList<RefusedPurchase> Refused);

/// <summary>A purchase that can never become an order.</summary>
/// <param name="Index">Its place in the call.</param>
/// <param name="Reason">What is wrong with it, in a sentence.</param>
public sealed record RefusedPurchase(int Index, string Reason);

/// <summary>The order store cannot do what was asked now: unreachable, or not set up.</summary>
public sealed class OrderStoreException : Exception
{
    /// <summary>With a sentence that says what is wrong.</summary>
    public OrderStoreException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
