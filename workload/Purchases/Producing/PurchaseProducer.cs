using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Kafka;
using Reco.Workload.Purchases.Messages;
using Reco.Workload.Purchases.Parsing;
using Reco.Workload.Retail;

namespace Reco.Workload.Purchases.Producing;

/// <summary>Sends a retail file to Kafka, as the options say.</summary>
/// <param name="options">How.</param>
/// <param name="time">Measures.</param>
/// <param name="logger">Says what it does.</param>
public sealed class PurchaseProducer(PurchaseProducerOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan BrokerWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(5);

    /// <summary>Sends the file's purchases. Once connected, the clock runs from the first byte read to the last acknowledgement.</summary>
    /// <param name="file">The file.</param>
    /// <param name="limit">At most so many messages; null for all.</param>
    /// <param name="cancellationToken">Stops the sending; what was handed over is still acknowledged or given up.</param>
    /// <exception cref="PurchaseDeliveryException">No broker answers, the topic is missing, or a message failed for good.</exception>
    /// <exception cref="RetailFormatException">The file cannot be used.</exception>
    public async Task<PurchaseProduceResult> RunAsync(RetailFile file, long? limit, CancellationToken cancellationToken)
    {
        NativeKafka.EnsureLoaded();
        CheckBroker();
        var settings = string.Join(' ', ClientSettings.Of(options).Select(s => $"{s.Key}={s.Value}"));
        ProducerLog.Started(logger, file.Path, options.Topic, options.BootstrapServers, settings);
        using IPurchaseSender sender = options.IsAsynchronous ? new PipelinedSender(options, logger) : new AwaitedSender(options, logger);
        IPurchaseSource source = options.ParseWorkers > 0
            ? new BlockPurchaseSource(file, options.ParseWorkers, limit)
            : new RowPurchaseSource(file, limit);
        sender.Connect(BrokerWithin);
        var startedAt = time.GetTimestamp();
        var saidAt = startedAt;
        await foreach (var batch in source.ReadAsync(cancellationToken))
        {
            await sender.SendAsync(batch, cancellationToken);
            if (time.GetElapsedTime(saidAt) >= SayEvery)
            {
                saidAt = time.GetTimestamp();
                ProducerLog.Progress(
                    logger, sender.Acknowledged.Messages, sender.Acknowledged.Messages / time.GetElapsedTime(startedAt).TotalSeconds);
            }
        }

        await sender.CompleteAsync(cancellationToken);
        return new PurchaseProduceResult(sender.Acknowledged, source.Tally, time.GetElapsedTime(startedAt));
    }

    /// <summary>Asks a broker for the topic, so that a wrong address or a missing topic is one sentence and not a time-out for each message.</summary>
    private void CheckBroker()
    {
        var settings = new Dictionary<string, string> { ["bootstrap.servers"] = options.BootstrapServers };
        using var client = new AdminClientBuilder(settings).SetLogHandler((_, line) => ProducerLog.Library(logger, line.Facility, line.Message)).Build();
        try
        {
            var topic = client.GetMetadata(options.Topic, BrokerWithin).Topics.FirstOrDefault(t => t.Topic == options.Topic);
            if (topic is null || topic.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.TopicException)
            {
                throw new PurchaseDeliveryException(
                    $"{options.BootstrapServers} has no topic {options.Topic}; create it: kafka-topics --create --topic {options.Topic} --partitions 12");
            }
        }
        catch (KafkaException fault)
        {
            throw new PurchaseDeliveryException(
                $"No Kafka broker answers at {options.BootstrapServers} ({fault.Error.Reason}). Start one, or name another with --bootstrap.", fault);
        }
    }
}

/// <summary>What was sent.</summary>
/// <param name="Acknowledged">What the broker has.</param>
/// <param name="Tally">What became of the rows.</param>
/// <param name="Elapsed">From the first byte read to the last acknowledgement.</param>
public sealed record PurchaseProduceResult(Acknowledged Acknowledged, PurchaseTally Tally, TimeSpan Elapsed)
{
    /// <summary>Acknowledged messages a second.</summary>
    public double MessagesPerSecond => Acknowledged.Messages / Math.Max(Elapsed.TotalSeconds, 1e-9);
}
