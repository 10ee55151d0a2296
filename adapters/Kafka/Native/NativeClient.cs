using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Reco.Adapters.Kafka.Native;

/// <summary>
/// The librdkafka client inside a client of Confluent.Kafka. The property that holds it is internal there; every test of the consumer
/// would fail if it were not where it is in 2.15.1.
/// </summary>
internal sealed class NativeClient(Handle handle)
{
    private readonly SafeHandle _handle =
        typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            ?.GetValue(handle) as SafeHandle
            ?? throw new InvalidOperationException("This version of Confluent.Kafka does not show its librdkafka handle where 2.15.1 does.");

    /// <summary>Keeps the client from being destroyed in the middle of a call; a call on a destroyed one may never return.</summary>
    /// <exception cref="ObjectDisposedException">It is destroyed already.</exception>
    public Hold Held() => new(_handle);

    /// <summary>For use while the consumer is not closed.</summary>
    public nint Pointer => _handle.DangerousGetHandle();

    /// <summary>What the brokers call their cluster; null when they do not answer in time, or do not say.</summary>
    public string? ClusterId(TimeSpan timeout)
    {
        using var held = Held();
        var text = LibRdKafka.rd_kafka_clusterid(Pointer, (int)timeout.TotalMilliseconds);
        if (text == 0)
        {
            return null;
        }

        try
        {
            return Marshal.PtrToStringUTF8(text);
        }
        finally
        {
            LibRdKafka.rd_kafka_mem_free(Pointer, text);
        }
    }

    /// <summary>What the group committed in the partitions, with metadata; partitions without a commit are left out.</summary>
    public IReadOnlyDictionary<int, (long Offset, string? Metadata)> Committed(string topic, IReadOnlyList<int> partitions, TimeSpan timeout)
    {
        using var held = Held();
        var list = LibRdKafka.rd_kafka_topic_partition_list_new(partitions.Count);
        try
        {
            foreach (var partition in partitions)
            {
                LibRdKafka.rd_kafka_topic_partition_list_add(list, topic, partition);
            }

            Check(LibRdKafka.rd_kafka_committed(Pointer, list, (int)timeout.TotalMilliseconds));
            var found = new Dictionary<int, (long, string?)>();
            foreach (var element in Elements(list))
            {
                Check(element.Error);
                if (element.Offset >= 0)
                {
                    found[element.Partition] = (element.Offset, element.Metadata == 0 || element.MetadataBytes == 0
                        ? null
                        : Marshal.PtrToStringUTF8(element.Metadata, (int)element.MetadataBytes));
                }
            }

            return found;
        }
        finally
        {
            LibRdKafka.rd_kafka_topic_partition_list_destroy(list);
        }
    }

    /// <summary>Commits and waits for the broker's answer. Safe from any thread, also while a rebalance is handled.</summary>
    public void Commit(string topic, int partition, long offset, string metadata, TimeSpan timeout)
    {
        using var held = Held();
        var list = LibRdKafka.rd_kafka_topic_partition_list_new(1);
        var queue = LibRdKafka.rd_kafka_queue_new(Pointer);
        var text = Marshal.StringToCoTaskMemUTF8(metadata);
        try
        {
            var place = LibRdKafka.rd_kafka_topic_partition_list_add(list, topic, partition);
            var element = Marshal.PtrToStructure<LibRdKafka.TopicPartition>(place);
            (element.Offset, element.Metadata, element.MetadataBytes) = (offset, text, (nuint)System.Text.Encoding.UTF8.GetByteCount(metadata));
            Marshal.StructureToPtr(element, place, fDeleteOld: false);
            var asked = LibRdKafka.rd_kafka_commit_queue(Pointer, list, queue, 0, 0); // Copies the list.

            // Ours to free, not the list's.
            (element.Metadata, element.MetadataBytes) = (0, 0);
            Marshal.StructureToPtr(element, place, fDeleteOld: false);
            Check(asked);
            Await(queue, timeout);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
            LibRdKafka.rd_kafka_topic_partition_list_destroy(list);
            LibRdKafka.rd_kafka_queue_destroy(queue);
        }
    }

    private static void Await(nint queue, TimeSpan timeout)
    {
        var answer = LibRdKafka.rd_kafka_queue_poll(queue, (int)timeout.TotalMilliseconds);
        if (answer == 0)
        {
            throw new KafkaException(ErrorCode.Local_TimedOut);
        }

        try
        {
            Check(LibRdKafka.rd_kafka_event_error(answer));
            foreach (var element in Elements(LibRdKafka.rd_kafka_event_topic_partition_list(answer)))
            {
                Check(element.Error);
            }
        }
        finally
        {
            LibRdKafka.rd_kafka_event_destroy(answer);
        }
    }

    private static IEnumerable<LibRdKafka.TopicPartition> Elements(nint list)
    {
        if (list == 0)
        {
            yield break;
        }

        var header = Marshal.PtrToStructure<LibRdKafka.TopicPartitionList>(list);
        for (var i = 0; i < header.Count; i++)
        {
            yield return Marshal.PtrToStructure<LibRdKafka.TopicPartition>(header.Elements + (i * Marshal.SizeOf<LibRdKafka.TopicPartition>()));
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new KafkaException((ErrorCode)error);
        }
    }

    /// <summary>A reference to the client, until disposed.</summary>
    public readonly ref struct Hold
    {
        private readonly SafeHandle _held;

        internal Hold(SafeHandle handle)
        {
            var isHeld = false;
            handle.DangerousAddRef(ref isHeld);
            _held = handle;
        }

        public void Dispose() => _held.DangerousRelease();
    }
}
