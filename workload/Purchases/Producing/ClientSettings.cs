using System.Globalization;

namespace Reco.Workload.Purchases.Producing;

/// <summary>The options by librdkafka's own names; what is not set stays the client's default. Both senders take the same.</summary>
public static class ClientSettings
{
    /// <summary>
    /// More than fit any buffer: messages of 100 bytes in 2 GiB would not reach it. The library's own bound of 100,000 messages would
    /// otherwise be met long before that of the bytes, which is the one that <see cref="PurchaseProducerOptions.BufferKib"/> states.
    /// </summary>
    private const int QueuedMessagesMax = 10_000_000;

    public static Dictionary<string, string> Of(PurchaseProducerOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = options.BootstrapServers,
            ["client.id"] = "reco-purchases",
            ["acks"] = "all",
            ["compression.type"] = options.Compression,
            ["enable.idempotence"] = options.IsIdempotent ? "true" : "false",
            ["message.timeout.ms"] = Text(options.DeliveryTimeoutMs),
            ["queue.buffering.max.messages"] = Text(QueuedMessagesMax),
        };
        Set("max.in.flight.requests.per.connection", options.InFlightRequests);
        Set("linger.ms", options.LingerMs);
        Set("batch.size", options.BatchBytes);
        Set("batch.num.messages", options.BatchMessages);
        Set("queue.buffering.max.kbytes", options.BufferKib);
        return settings;

        void Set(string name, IFormattable? value)
        {
            if (value is not null)
            {
                settings[name] = Text(value);
            }
        }
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
