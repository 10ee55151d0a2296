namespace Reco.Core.Ports;

/// <summary>Where records go that cannot be processed. Safe to use from any thread.</summary>
public interface IDeadLetterLog
{
    /// <summary>Keeps the record; durable when it completes. A record already kept (same partition and offset) is not kept again.</summary>
    ValueTask AppendAsync(DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>Everything kept, oldest first.</summary>
    IAsyncEnumerable<DeadLetter> ReadAllAsync(CancellationToken cancellationToken);
}

/// <summary>A record that could not be decoded or breaks a rule.</summary>
/// <param name="Partition">Partition it was read from.</param>
/// <param name="Offset">Its offset there.</param>
/// <param name="Reason">What is wrong with it: the field and the rule.</param>
/// <param name="Value">The record as it was.</param>
public sealed record DeadLetter(int Partition, long Offset, string Reason, ReadOnlyMemory<byte> Value);
