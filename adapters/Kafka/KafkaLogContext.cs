using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reco.Adapters.Kafka;

/// <summary>What all parts of the adapter need.</summary>
internal sealed record KafkaLogContext(KafkaOptions Options, KafkaMetrics Metrics, TimeProvider Time, ILogger Logger)
{
    /// <summary>
    /// librdkafka's own lines, at Debug: it repeats one for every attempt to connect. What matters of them comes as an error too, and
    /// <see cref="Topics.KafkaConnection"/> says once when the brokers go away and come back.
    /// </summary>
    public void Log(LogMessage line) => KafkaClientLog.Line(Logger, line.Name, line.Facility, line.Message);
}

/// <summary>Lines of librdkafka.</summary>
internal static partial class KafkaClientLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Client} {Facility}: {Text}")]
    public static partial void Line(ILogger logger, string client, string facility, string text);
}
