using System.Runtime.InteropServices;

namespace Reco.Adapters.Kafka.Native;

/// <summary>
/// The few calls of librdkafka's C API that Confluent.Kafka does not offer: partition queues, commits with metadata, and the cluster's id. As in
/// librdkafka 2.15.1, src/rdkafka.h; all of them are there since 1.0.
/// </summary>
internal static class LibRdKafka
{
    private const string Name = NativeKafka.ImportName;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void QueueEvent(nint client, nint opaque);

    [DllImport(Name)]
    public static extern nint rd_kafka_queue_new(nint client);

    [DllImport(Name)]
    public static extern nint rd_kafka_queue_get_partition(nint client, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition);

    [DllImport(Name)]
    public static extern void rd_kafka_queue_forward(nint source, nint target);

    [DllImport(Name)]
    public static extern void rd_kafka_queue_cb_event_enable(nint queue, QueueEvent? callback, nint opaque);

    [DllImport(Name)]
    public static extern void rd_kafka_queue_destroy(nint queue);

    [DllImport(Name)]
    public static extern nint rd_kafka_consume_batch_queue(nint queue, int timeoutMs, [Out] nint[] messages, nuint count);

    [DllImport(Name)]
    public static extern void rd_kafka_message_destroy(nint message);

    [DllImport(Name)]
    public static extern long rd_kafka_message_timestamp(nint message, out int type);

    [DllImport(Name)]
    public static extern nint rd_kafka_message_errstr(nint message);

    [DllImport(Name)]
    public static extern nint rd_kafka_queue_poll(nint queue, int timeoutMs);

    [DllImport(Name)]
    public static extern int rd_kafka_event_error(nint queueEvent);

    [DllImport(Name)]
    public static extern nint rd_kafka_event_topic_partition_list(nint queueEvent);

    [DllImport(Name)]
    public static extern void rd_kafka_event_destroy(nint queueEvent);

    [DllImport(Name)]
    public static extern nint rd_kafka_topic_partition_list_new(int size);

    [DllImport(Name)]
    public static extern nint rd_kafka_topic_partition_list_add(
        nint list, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition);

    [DllImport(Name)]
    public static extern void rd_kafka_topic_partition_list_destroy(nint list);

    [DllImport(Name)]
    public static extern int rd_kafka_commit_queue(nint client, nint offsets, nint queue, nint callback, nint opaque);

    [DllImport(Name)]
    public static extern int rd_kafka_committed(nint client, nint partitions, int timeoutMs);

    [DllImport(Name)]
    public static extern nint rd_kafka_clusterid(nint client, int timeoutMs);

    [DllImport(Name)]
    public static extern void rd_kafka_mem_free(nint client, nint memory);

    /// <summary>rd_kafka_message_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public int Error;
        public nint Topic;
        public int Partition;
        public nint Value;
        public nuint ValueBytes;
        public nint Key;
        public nuint KeyBytes;
        public long Offset;
        public nint Private;
    }

    /// <summary>rd_kafka_topic_partition_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TopicPartition
    {
        public nint Topic;
        public int Partition;
        public long Offset;
        public nint Metadata;
        public nuint MetadataBytes;
        public nint Opaque;
        public int Error;
        public nint Private;
    }

    /// <summary>rd_kafka_topic_partition_list_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TopicPartitionList
    {
        public int Count;
        public int Size;
        public nint Elements;
    }
}
