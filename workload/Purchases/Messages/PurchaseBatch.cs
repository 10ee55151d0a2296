using Reco.Adapters.Kafka;

namespace Reco.Workload.Purchases.Messages;

/// <summary>Messages in file order: their keys and values in one buffer, and where each stands. Valid until the next one is asked for.</summary>
public sealed class PurchaseBatch
{
    /// <summary>Keys and values.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>Where each message stands; its tag is its <see cref="ContentHash"/>.</summary>
    public BatchMessage[] Messages { get; set; } = [];

    /// <summary>How many of <see cref="Messages"/> are used.</summary>
    public int Count { get; set; }

    public ReadOnlySpan<byte> KeyOf(int message) => Bytes.AsSpan(Messages[message].KeyStart, Messages[message].KeyBytes);

    public ReadOnlySpan<byte> ValueOf(int message) => Bytes.AsSpan(Messages[message].ValueStart, Messages[message].ValueBytes);
}

/// <summary>Reads a file into messages.</summary>
public interface IPurchaseSource
{
    /// <summary>What became of the rows read so far.</summary>
    PurchaseTally Tally { get; }

    /// <summary>The messages, in file order.</summary>
    /// <exception cref="Retail.RetailFormatException">The file as a whole cannot be used.</exception>
    IAsyncEnumerable<PurchaseBatch> ReadAsync(CancellationToken cancellationToken);
}
