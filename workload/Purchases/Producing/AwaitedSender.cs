using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Reco.Workload.Purchases.Messages;

namespace Reco.Workload.Purchases.Producing;

/// <summary>The naive form: one message at a time, each awaited before the next.</summary>
internal sealed class AwaitedSender : IPurchaseSender
{
    private readonly PurchaseProducerOptions _options;
    private readonly IProducer<byte[], byte[]> _producer;

    public AwaitedSender(PurchaseProducerOptions options, ILogger logger)
    {
        _options = options;
        _producer = new ProducerBuilder<byte[], byte[]>(ClientSettings.Of(options))
            .SetLogHandler((_, line) => ProducerLog.Library(logger, line.Facility, line.Message))
            .SetErrorHandler((_, error) => ProducerLog.Broker(logger, error.Reason))
            .Build();
    }

    public Acknowledged Acknowledged { get; private set; }

    public void Connect(TimeSpan within)
    {
        using var client = new DependentAdminClientBuilder(_producer.Handle).Build();
        client.GetMetadata(_options.Topic, within);
    }

    public async Task SendAsync(PurchaseBatch batch, CancellationToken cancellationToken)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var message = new Message<byte[], byte[]> { Key = batch.KeyOf(i).ToArray(), Value = batch.ValueOf(i).ToArray() };
            try
            {
                await _producer.ProduceAsync(_options.Topic, message, cancellationToken);
            }
            catch (KafkaException fault)
            {
                throw new PurchaseDeliveryException(
                    $"{_options.BootstrapServers} did not take a purchase after {Acknowledged.Messages}: {fault.Error.Reason}.", fault);
            }

            Acknowledged = Acknowledged.Add(message.Key.Length + message.Value.Length, batch.Messages[i].Tag);
        }
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _producer.Dispose();
}
