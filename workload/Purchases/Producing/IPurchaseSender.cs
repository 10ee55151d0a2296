using Reco.Workload.Purchases.Messages;

namespace Reco.Workload.Purchases.Producing;

/// <summary>Hands messages to Kafka and counts what is acknowledged.</summary>
public interface IPurchaseSender : IDisposable
{
    /// <summary>What the broker has acknowledged so far.</summary>
    Acknowledged Acknowledged { get; }

    /// <summary>Connects and learns the topic's partitions, so that the first message does not wait for them.</summary>
    /// <exception cref="Confluent.Kafka.KafkaException">No broker answers.</exception>
    void Connect(TimeSpan within);

    /// <summary>Hands the messages over, in order; waits while too many are on their way. The batch may be reused afterwards.</summary>
    /// <exception cref="PurchaseDeliveryException">A message failed for good.</exception>
    Task SendAsync(PurchaseBatch batch, CancellationToken cancellationToken);

    /// <summary>Waits until every message is acknowledged.</summary>
    /// <exception cref="PurchaseDeliveryException">A message failed for good.</exception>
    Task CompleteAsync(CancellationToken cancellationToken);
}

/// <summary>What the broker has acknowledged.</summary>
/// <param name="Messages">How many.</param>
/// <param name="Bytes">Their keys and values, before compression.</param>
/// <param name="ContentHash">The sum of their hashes, see <see cref="Messages.ContentHash"/>.</param>
public readonly record struct Acknowledged(long Messages, long Bytes, ulong ContentHash)
{
    public Acknowledged Add(int bytes, ulong hash) => new(Messages + 1, Bytes + bytes, ContentHash + hash);
}

/// <summary>A message could not be delivered; the message says why and how many were.</summary>
public sealed class PurchaseDeliveryException(string message, Exception? inner = null) : Exception(message, inner);
