using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Kafka;
using Reco.Workload.Purchases.Messages;

namespace Reco.Workload.Purchases.Producing;

/// <summary>
/// Hands whole batches over and goes on; acknowledgements are counted as they come. What is on its way is bounded by
/// <see cref="PurchaseProducerOptions.BufferKib"/>: at the bound it waits for acknowledgements, so the library's queue never fills up.
/// </summary>
internal sealed class PipelinedSender : IPurchaseSender
{
    /// <summary>How long a wait for acknowledgements lasts before the cancellation token is looked at again.</summary>
    private const int PollMs = 100;

    /// <summary>Of the client, when the options leave it: 1 GiB.</summary>
    private const int ClientBufferKib = 1024 * 1024;

    private readonly PurchaseProducerOptions _options;
    private readonly BatchProducer _producer;
    private readonly long _inFlightBytesMax;
    private long _failed;
    private ErrorCode _firstError;
    private Acknowledged _acknowledged;

    public PipelinedSender(PurchaseProducerOptions options, ILogger logger)
    {
        _options = options;
        _inFlightBytesMax = (options.BufferKib ?? ClientBufferKib) * 1024L;
        _producer = new BatchProducer(
            ClientSettings.Of(options), options.Topic, OnDelivered, (_, line) => ProducerLog.Library(logger, "librdkafka", line));
    }

    public Acknowledged Acknowledged => _acknowledged;

    public void Connect(TimeSpan within) => _producer.Connect(within);

    public Task SendAsync(PurchaseBatch batch, CancellationToken cancellationToken)
    {
        Send(batch, cancellationToken);
        return Task.CompletedTask;
    }

    public Task CompleteAsync(CancellationToken cancellationToken)
    {
        Complete(cancellationToken);
        return Task.CompletedTask;
    }

    /// <summary>As <see cref="SendAsync"/>, which never is asynchronous: callbacks come on the caller's thread.</summary>
    public void Send(PurchaseBatch batch, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < batch.Count;)
        {
            var (count, bytes) = Take(batch, sent);
            while (_producer.InFlightBytes > 0 && _producer.InFlightBytes + bytes > _inFlightBytesMax)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _producer.Poll(PollMs);
                ThrowIfFailed();
            }

            _producer.Produce(batch.Bytes, batch.Messages.AsSpan(sent, count));
            sent += count;
            _producer.Poll(0);
        }

        ThrowIfFailed();
    }

    /// <summary>As <see cref="CompleteAsync"/>.</summary>
    public void Complete(CancellationToken cancellationToken)
    {
        while (!_producer.Flush(PollMs))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        ThrowIfFailed();
    }

    public void Dispose() => _producer.Dispose();

    /// <summary>Messages from there on that fill at most a quarter of the buffer, so that it never runs dry while one waits for room.</summary>
    private (int Count, long Bytes) Take(PurchaseBatch batch, int from)
    {
        var (count, bytes) = (0, 0L);
        while (from + count < batch.Count && (count == 0 || bytes < _inFlightBytesMax / 4))
        {
            ref readonly var message = ref batch.Messages[from + count];
            bytes += message.KeyBytes + message.ValueBytes;
            count++;
        }

        return (count, bytes);
    }

    private void OnDelivered(BatchMessage message, ErrorCode error)
    {
        if (error == ErrorCode.NoError)
        {
            _acknowledged = _acknowledged.Add(message.KeyBytes + message.ValueBytes, message.Tag);
        }
        else if (_failed++ == 0)
        {
            _firstError = error;
        }
    }

    private void ThrowIfFailed()
    {
        if (_failed > 0)
        {
            throw new PurchaseDeliveryException(
                $"{_options.BootstrapServers} did not take {_failed} purchases, after {_acknowledged.Messages}: {_firstError.GetReason()}.");
        }
    }
}
