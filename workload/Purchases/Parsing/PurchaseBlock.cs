using Reco.Adapters.Kafka;
using Reco.Workload.Purchases.Messages;

namespace Reco.Workload.Purchases.Parsing;

/// <summary>A block of rows and the messages made of it. Reused: buffers stay, contents go.</summary>
internal sealed class PurchaseBlock(byte[] eventIdPrefix)
{
    /// <summary>The rows.</summary>
    public TextBlock Text { get; } = new();

    /// <summary>Where the messages are written.</summary>
    public PurchaseWriter Writer { get; } = new(eventIdPrefix);

    /// <summary>Counts of this block alone.</summary>
    public PurchaseTally Tally { get; } = new();

    /// <summary>The last descriptions of this block.</summary>
    public DescriptionTable Descriptions { get; } = new();

    /// <summary>Messages without a description, which the rows before this block may know.</summary>
    public List<MissingDescription> Missing { get; } = [];

    /// <summary>The messages.</summary>
    public PurchaseBatch Batch { get; } = new() { Messages = new BatchMessage[4096] };

    public void Clear()
    {
        Writer.Clear();
        Tally.Clear();
        Descriptions.Clear();
        Missing.Clear();
        Batch.Count = 0;
    }

    public void Add(BatchMessage message)
    {
        if (Batch.Count == Batch.Messages.Length)
        {
            var messages = Batch.Messages;
            Array.Resize(ref messages, Batch.Count * 2);
            Batch.Messages = messages;
        }

        Batch.Messages[Batch.Count++] = message;
    }
}

/// <summary>A message that was written with an empty description.</summary>
/// <param name="Message">Its place in the batch.</param>
/// <param name="CodeStart">First byte of its stock code.</param>
/// <param name="CodeBytes">Length of the stock code.</param>
/// <param name="At">Where the description belongs.</param>
internal readonly record struct MissingDescription(int Message, int CodeStart, int CodeBytes, int At);
