using Microsoft.Extensions.Logging;

namespace Reco.Workload.Purchases.Consuming;

/// <summary>What the consumer says.</summary>
internal static partial class ConsumerLog
{
    [LoggerMessage(1, LogLevel.Information, "{Consumed} purchases consumed, {PerSecond:0} a second, {Partitions} partitions")]
    public static partial void Progress(ILogger logger, long consumed, double perSecond, int partitions);

    [LoggerMessage(2, LogLevel.Information, "Partition {Partition} taken over at offset {Offset}")]
    public static partial void Assigned(ILogger logger, int partition, long offset);

    [LoggerMessage(3, LogLevel.Information, "Partition {Partition} given up")]
    public static partial void Released(ILogger logger, int partition);

    [LoggerMessage(4, LogLevel.Debug, "Partition {Partition} offset {Offset} is no purchase: {Fault}")]
    public static partial void Invalid(ILogger logger, int partition, long offset, string fault);

    [LoggerMessage(5, LogLevel.Warning, "The state is saved, but the commit to Kafka failed: {Reason}")]
    public static partial void CommitFailed(ILogger logger, string reason);
}
