using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Kafka.Native;
using Reco.Core.Ports;

namespace Reco.Adapters.Kafka.Producing;

/// <summary>
/// The idempotent producer. What waits for the brokers is bounded by QueueBytes and DeliveryTimeoutSeconds; beyond either, appends fail.
/// A producer that reports a fatal error (its sequence numbers are of no use any more) is replaced.
/// </summary>
internal sealed partial class KafkaAppender(KafkaLogContext context) : IAsyncDisposable
{
    /// <summary>What a record costs beside its value: key, headers of the batch, the client's own bookkeeping.</summary>
    private const int RecordOverheadBytes = 256;

    private readonly Lock _gate = new();
    private Client? _client;
    private long _queuedBytes;
    private bool _isDisposed;

    /// <summary>Appended and not yet acknowledged.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>Sends the records in order; completes when all are durable.</summary>
    /// <exception cref="EventLogException">Some are not.</exception>
    public async Task AppendAsync(
        IReadOnlyList<(TopicPartition Place, Message<string, ReadOnlyMemory<byte>> Message)> records, AppendBatch batch, CancellationToken cancellationToken)
    {
        long bytes = 0;
        foreach (var (_, message) in records)
        {
            bytes += message.Value.Length + RecordOverheadBytes;
        }

        Reserve(bytes);
        var started = context.Time.GetTimestamp();
        var client = Current();
        var settled = SettleAsync(client, records, batch, bytes);
        if (await settled.WaitAsync(cancellationToken) is { } error)
        {
            context.Metrics.Refused(error.Code.ToString());
            throw new EventLogException($"Kafka took not all of the {records.Count} records: {error.Reason}. Send them again.", new KafkaException(error));
        }

        context.Metrics.Appended(records.Count, context.Time.GetElapsedTime(started));
    }

    /// <summary>Waits for what was accepted.</summary>
    public async ValueTask DisposeAsync()
    {
        Client? client;
        lock (_gate)
        {
            _isDisposed = true;
            (client, _client) = (_client, null);
        }

        if (client is not null)
        {
            await CloseAsync(client);
        }
    }

    /// <summary>Sends and keeps the books, whether or not the caller still waits.</summary>
    private async Task<Error?> SettleAsync(
        Client client, IReadOnlyList<(TopicPartition Place, Message<string, ReadOnlyMemory<byte>> Message)> records, AppendBatch batch, long bytes)
    {
        Action<DeliveryReport<string, ReadOnlyMemory<byte>>> delivered = batch.Delivered;
        for (var i = 0; i < records.Count; i++)
        {
            try
            {
                client.Producer.Produce(records[i].Place, records[i].Message, delivered);
            }
            catch (Exception refused) when (refused is KafkaException or ObjectDisposedException)
            {
                batch.NotTaken(records.Count - i, (refused as KafkaException)?.Error ?? new Error(ErrorCode.Local_Destroy));
                break;
            }
        }

        var error = await batch.Done;
        Interlocked.Add(ref _queuedBytes, -bytes);
        if (error is { IsFatal: true } or { Code: ErrorCode.Local_Fatal })
        {
            Replace(client, error.Reason);
        }

        return error;
    }

    private void Reserve(long bytes)
    {
        if (bytes > context.Options.QueueBytes)
        {
            throw new ArgumentException($"An append of {bytes} bytes does not fit into Kafka:QueueBytes ({context.Options.QueueBytes}).");
        }

        if (Interlocked.Add(ref _queuedBytes, bytes) > context.Options.QueueBytes)
        {
            Interlocked.Add(ref _queuedBytes, -bytes);
            context.Metrics.Refused("QueueFull");
            throw new EventLogException(
                $"{QueuedBytes} bytes wait for Kafka, and Kafka:QueueBytes is {context.Options.QueueBytes}: the brokers are away or too slow. Send again later.");
        }
    }

    private Client Current()
    {
        lock (_gate)
        {
            return _isDisposed ? throw new EventLogException("The event log is closed.") : _client ??= Build();
        }
    }

    private Client Build()
    {
        var producer = new ProducerBuilder<string, ReadOnlyMemory<byte>>(KafkaClientSettings.Producer(context.Options))
            .SetKeySerializer(Serializers.Utf8)
            .SetValueSerializer(MemorySerializer.Instance)
            .SetLogHandler((_, line) => context.Log(line))
            .SetErrorHandler((_, error) => LogError(context.Logger, error.Reason))
            .Build();
        return new Client(producer);
    }

    private void Replace(Client broken, string reason)
    {
        lock (_gate)
        {
            if (_client != broken)
            {
                return;
            }

            _client = null;
        }

        LogReplaced(context.Logger, reason);
        _ = CloseAsync(broken); // Nobody waits for it: what it held has failed already, and it throws nothing.
    }

    private Task CloseAsync(Client client) => OwnThread.RunAsync(() =>
    {
        // By then every record is delivered or has timed out, so that every caller has its answer.
        client.Producer.Flush(TimeSpan.FromSeconds(context.Options.DeliveryTimeoutSeconds + 1));
        client.Producer.Dispose();
    });

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka producer: {Reason}")]
    private static partial void LogError(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The Kafka producer cannot go on and is replaced: {Reason}")]
    private static partial void LogReplaced(ILogger logger, string reason);

    private sealed record Client(IProducer<string, ReadOnlyMemory<byte>> Producer);

    private sealed class MemorySerializer : ISerializer<ReadOnlyMemory<byte>>
    {
        public static readonly MemorySerializer Instance = new();

        /// <summary>The client copies it before Produce returns, so a whole array can be lent.</summary>
        public byte[] Serialize(ReadOnlyMemory<byte> data, SerializationContext context) =>
            MemoryMarshal.TryGetArray(data, out var segment) && segment.Array is { } whole && segment.Count == whole.Length
                ? whole
                : data.ToArray();
    }
}
