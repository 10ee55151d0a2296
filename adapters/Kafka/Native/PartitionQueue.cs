using System.Runtime.InteropServices;
using Confluent.Kafka;
using Reco.Adapters.Embedded.Storage;
using Reco.Core.Ports;

namespace Reco.Adapters.Kafka.Native;

/// <summary>
/// The records that librdkafka has fetched of one partition. It fetches ahead up to queued.max.messages.kbytes and stops there, so a slow
/// reader holds up nobody else, and nothing is thrown away and fetched again as pausing a partition does. Each partition is taken from
/// on its reader's own thread: the group's thread has only rebalances to serve.
/// </summary>
internal sealed class PartitionQueue : IDisposable
{
    private const int BatchMax = 16_384;
    private readonly Lock _gate = new();
    private readonly LibRdKafka.QueueEvent _filled; // Held here as long as librdkafka may call it.
    private readonly nint _queue;
    private nint[] _messages = new nint[256];
    private byte[] _values = new byte[64 << 10];
    private KafkaException? _pending;
    private bool _isDisposed;

    /// <summary>To be made before the partition is assigned, so that none of its records goes to the group's common queue.</summary>
    public PartitionQueue(NativeClient client, string topic, int partition)
    {
        _filled = (_, _) => Filled.Pulse();
        _queue = LibRdKafka.rd_kafka_queue_get_partition(client.Pointer, topic, partition);
        LibRdKafka.rd_kafka_queue_forward(_queue, 0);
        LibRdKafka.rd_kafka_queue_cb_event_enable(_queue, _filled, 0);
    }

    /// <summary>Pulses when there is something in an empty queue.</summary>
    public AsyncSignal Filled { get; } = new();

    /// <summary>Takes what is there, at or after <paramref name="from"/>; values are valid until the next call.</summary>
    /// <exception cref="KafkaException">The partition cannot be read.</exception>
    public void Take(long from, int maxRecords, List<LogRecord> records)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            if (Interlocked.Exchange(ref _pending, null) is { } pending)
            {
                throw pending;
            }

            if (_messages.Length < maxRecords && _messages.Length < BatchMax)
            {
                _messages = new nint[Math.Min(maxRecords, BatchMax)];
            }

            var count = (int)LibRdKafka.rd_kafka_consume_batch_queue(_queue, 0, _messages, (nuint)Math.Min(maxRecords, _messages.Length));
            try
            {
                Copy(_messages.AsSpan(0, Math.Max(0, count)), from, records);
            }
            finally
            {
                for (var i = 0; i < count; i++)
                {
                    LibRdKafka.rd_kafka_message_destroy(_messages[i]);
                }
            }
        }
    }

    /// <summary>The reader moves: what was wrong where it was does not matter any more.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _pending = null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                LibRdKafka.rd_kafka_queue_cb_event_enable(_queue, null, 0);
                LibRdKafka.rd_kafka_queue_destroy(_queue);
            }
        }

        GC.KeepAlive(_filled);
    }

    private void Copy(ReadOnlySpan<nint> messages, long from, List<LogRecord> records)
    {
        var used = 0;
        foreach (var pointer in messages)
        {
            var message = Read(pointer);
            if (message.Error != 0)
            {
                var failure = new KafkaException(new Error(
                    (ErrorCode)message.Error, Marshal.PtrToStringUTF8(LibRdKafka.rd_kafka_message_errstr(pointer)) ?? ""));
                if (records.Count == 0)
                {
                    throw failure;
                }

                _pending = failure; // What came before it is good.
                return;
            }

            if (message.Offset < from)
            {
                continue;
            }

            var bytes = (int)message.ValueBytes; // A tombstone has none: an empty value.
            if (_values.Length - used < bytes)
            {
                // Earlier slices keep the array that they were cut from.
                (_values, used) = (new byte[Math.Max(bytes, _values.Length * 2)], 0);
            }

            if (bytes > 0)
            {
                Marshal.Copy(message.Value, _values, used, bytes);
            }

            records.Add(new LogRecord(
                message.Offset, LibRdKafka.rd_kafka_message_timestamp(pointer, out _), _values.AsMemory(used, bytes)));
            used += bytes;
        }
    }

    /// <summary>As it lies there: Marshal.PtrToStructure would put a copy of each record's head on the heap.</summary>
    private static unsafe LibRdKafka.Message Read(nint pointer) => *(LibRdKafka.Message*)pointer;
}
