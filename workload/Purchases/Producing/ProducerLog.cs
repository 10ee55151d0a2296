using Microsoft.Extensions.Logging;

namespace Reco.Workload.Purchases.Producing;

/// <summary>What the producers say.</summary>
internal static partial class ProducerLog
{
    [LoggerMessage(1, LogLevel.Debug, "{Facility}: {Line}")]
    public static partial void Library(ILogger logger, string facility, string line);

    [LoggerMessage(2, LogLevel.Warning, "Kafka: {Reason}")]
    public static partial void Broker(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Information, "Sending {File} to {Topic} at {BootstrapServers}: {Settings}")]
    public static partial void Started(ILogger logger, string file, string topic, string bootstrapServers, string settings);

    [LoggerMessage(4, LogLevel.Information, "{Messages} purchases acknowledged, {PerSecond:0} a second")]
    public static partial void Progress(ILogger logger, long messages, double perSecond);
}
