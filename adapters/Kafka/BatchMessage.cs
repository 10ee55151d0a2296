namespace Reco.Adapters.Kafka;

/// <summary>Where a message stands in a buffer that it shares with others.</summary>
/// <param name="KeyStart">First byte of the key.</param>
/// <param name="KeyBytes">Length of the key.</param>
/// <param name="ValueStart">First byte of the value.</param>
/// <param name="ValueBytes">Length of the value.</param>
/// <param name="Tag">The caller's own; given back when the message is acknowledged.</param>
public readonly record struct BatchMessage(int KeyStart, int KeyBytes, int ValueStart, int ValueBytes, ulong Tag);
