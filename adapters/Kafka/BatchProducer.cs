using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace Reco.Adapters.Kafka;

/// <summary>
/// Produces many messages with one native call (rd_kafka_produce_batch). The managed client takes one message a call, with two pinned
/// handles, a message, a report and a delegate each; here a message costs no managed memory at all. Acknowledgements are counted in
/// the delivery callback, message by message. Not thread-safe: callbacks run inside <see cref="Produce"/>, <see cref="Poll"/> and
/// <see cref="Flush"/>, on the caller's thread.
/// </summary>
public sealed class BatchProducer : IDisposable
{
    private const int TypeProducer = 0;
    private const int PartitionOfKey = -1;
    private const int CopyPayload = 0x2;
    private const int ErrorBytes = 512;
    private readonly nint _client;
    private readonly nint _topic;
    private readonly Action<BatchMessage, ErrorCode> _delivered;
    private readonly Action<SyslogLevel, string>? _log;

    // Held here because native code holds only their addresses.
    private readonly DeliveryCallback _onDelivered;
    private readonly LogCallback _onLog;
    private NativeMessage[] _scratch = [];
    private bool _isDisposed;

    /// <summary>Starts a producer for one topic; it connects in the background.</summary>
    /// <param name="settings">librdkafka's settings by their own names.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="delivered">
    /// Told of each message once, its lengths and tag, with <see cref="ErrorCode.NoError"/> when the broker has it. Must not throw.
    /// </param>
    /// <param name="log">The library's own lines; comes from its threads. Must not throw.</param>
    /// <exception cref="Core.Ports.EventLogException">librdkafka cannot be loaded: what to install.</exception>
    /// <exception cref="InvalidOperationException">It refuses a setting; the message says which.</exception>
    public BatchProducer(
        IEnumerable<KeyValuePair<string, string>> settings,
        string topic,
        Action<BatchMessage, ErrorCode> delivered,
        Action<SyslogLevel, string>? log = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentException.ThrowIfNullOrEmpty(topic);
        NativeKafka.EnsureLoaded();
        (_delivered, _log) = (delivered, log);
        _onDelivered = OnDelivered;
        _onLog = OnLog;
        _client = CreateClient(settings);
        _topic = rd_kafka_topic_new(_client, topic, 0);
        if (_topic == 0)
        {
            rd_kafka_destroy(_client);
            throw new InvalidOperationException($"'{topic}' is no name of a topic.");
        }
    }

    /// <summary>Messages that were handed over and not reported yet.</summary>
    public long InFlight { get; private set; }

    /// <summary>Bytes of their keys and values.</summary>
    public long InFlightBytes { get; private set; }

    /// <summary>
    /// Learns the topic's partitions now. Without it the first message waits for them, up to a second: the library's scan of topics.
    /// </summary>
    /// <exception cref="KafkaException">No broker answers.</exception>
    public void Connect(TimeSpan within)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var error = (ErrorCode)rd_kafka_metadata(_client, 0, _topic, out var metadata, (int)within.TotalMilliseconds);
        if (error != ErrorCode.NoError)
        {
            throw new KafkaException(new Error(error));
        }

        rd_kafka_metadata_destroy(metadata);
    }

    /// <summary>Hands messages over, in order; they are copied. The caller bounds what is in flight, see <see cref="InFlightBytes"/>.</summary>
    /// <exception cref="InvalidOperationException">A message is too large, or the library's own queue is full.</exception>
    public void Produce(byte[] bytes, ReadOnlySpan<BatchMessage> messages)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_scratch.Length < messages.Length)
        {
            _scratch = new NativeMessage[messages.Length];
        }

        var pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        try
        {
            Fill(bytes, pin.AddrOfPinnedObject(), messages);
            var taken = rd_kafka_produce_batch(_topic, PartitionOfKey, CopyPayload, _scratch, messages.Length);
            for (var i = 0; i < messages.Length; i++)
            {
                if (_scratch[i].Error == 0)
                {
                    InFlight++;
                    InFlightBytes += messages[i].KeyBytes + messages[i].ValueBytes;
                }
            }

            if (taken != messages.Length)
            {
                var refused = Array.FindIndex(_scratch, 0, messages.Length, m => m.Error != 0);
                throw new InvalidOperationException(
                    $"{messages.Length - taken} of {messages.Length} messages were refused, the first ({messages[refused].ValueBytes} bytes) with: "
                    + $"{((ErrorCode)_scratch[refused].Error).GetReason()}.");
            }
        }
        finally
        {
            pin.Free();
        }
    }

    /// <summary>Reports what has been acknowledged; waits at most so long for the first.</summary>
    public void Poll(int timeoutMs)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _ = rd_kafka_poll(_client, timeoutMs);
    }

    /// <summary>Sends at once and waits until everything is reported; no when time is up first.</summary>
    public bool Flush(int timeoutMs)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return rd_kafka_flush(_client, timeoutMs) == 0;
    }

    /// <summary>Ends the client; what is in flight is given up.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            rd_kafka_topic_destroy(_topic);
            rd_kafka_destroy(_client);
        }
    }

    private nint CreateClient(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var error = new byte[ErrorBytes];
        var configuration = rd_kafka_conf_new();
        foreach (var (name, value) in settings)
        {
            if (rd_kafka_conf_set(configuration, name, value, error, ErrorBytes) != 0)
            {
                rd_kafka_conf_destroy(configuration);
                throw new InvalidOperationException($"The Kafka client refuses {name}={value}: {TextOf(error)}");
            }
        }

        rd_kafka_conf_set_dr_msg_cb(configuration, _onDelivered);
        rd_kafka_conf_set_log_cb(configuration, _onLog);
        var client = rd_kafka_new(TypeProducer, configuration, error, ErrorBytes);
        if (client == 0)
        {
            rd_kafka_conf_destroy(configuration);
            throw new InvalidOperationException($"The Kafka client could not be started: {TextOf(error)}");
        }

        return client;
    }

    private void Fill(byte[] bytes, nint address, ReadOnlySpan<BatchMessage> messages)
    {
        for (var i = 0; i < messages.Length; i++)
        {
            ref readonly var message = ref messages[i];
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)(message.KeyStart + message.KeyBytes), (uint)bytes.Length);
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)(message.ValueStart + message.ValueBytes), (uint)bytes.Length);
            _scratch[i] = new NativeMessage
            {
                Key = address + message.KeyStart,
                KeyBytes = (nuint)message.KeyBytes,
                Value = address + message.ValueStart,
                ValueBytes = (nuint)message.ValueBytes,
                Tag = (nint)message.Tag,
            };
        }
    }

    private void OnDelivered(nint client, in NativeMessage message, nint opaque)
    {
        var delivered = new BatchMessage(0, (int)message.KeyBytes, 0, (int)message.ValueBytes, (ulong)message.Tag);
        InFlight--;
        InFlightBytes -= delivered.KeyBytes + delivered.ValueBytes;
        _delivered(delivered, (ErrorCode)message.Error);
    }

    private void OnLog(nint client, int level, nint facility, nint text) =>
        _log?.Invoke((SyslogLevel)level, $"{Marshal.PtrToStringUTF8(facility)}: {Marshal.PtrToStringUTF8(text)}");

    private static string TextOf(byte[] zeroTerminated) => Encoding.UTF8.GetString(zeroTerminated).TrimEnd('\0');

    // Signatures as in librdkafka 2.x, src/rdkafka.h.
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void DeliveryCallback(nint client, in NativeMessage message, nint opaque);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void LogCallback(nint client, int level, nint facility, nint text);

    [DllImport(NativeKafka.ImportName)]
    private static extern nint rd_kafka_conf_new();

    [DllImport(NativeKafka.ImportName)]
    private static extern void rd_kafka_conf_destroy(nint configuration);

    [DllImport(NativeKafka.ImportName)]
    private static extern int rd_kafka_conf_set(
        nint configuration,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        [Out] byte[] error,
        nuint errorBytes);

    [DllImport(NativeKafka.ImportName)]
    private static extern void rd_kafka_conf_set_dr_msg_cb(nint configuration, DeliveryCallback callback);

    [DllImport(NativeKafka.ImportName)]
    private static extern void rd_kafka_conf_set_log_cb(nint configuration, LogCallback callback);

    [DllImport(NativeKafka.ImportName)]
    private static extern nint rd_kafka_new(int type, nint configuration, [Out] byte[] error, nuint errorBytes);

    [DllImport(NativeKafka.ImportName)]
    private static extern nint rd_kafka_topic_new(nint client, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, nint configuration);

    [DllImport(NativeKafka.ImportName)]
    private static extern int rd_kafka_produce_batch(nint topic, int partition, int flags, [In, Out] NativeMessage[] messages, int count);

    [DllImport(NativeKafka.ImportName)]
    private static extern int rd_kafka_metadata(nint client, int allTopics, nint topic, out nint metadata, int timeoutMs);

    [DllImport(NativeKafka.ImportName)]
    private static extern void rd_kafka_metadata_destroy(nint metadata);

    [DllImport(NativeKafka.ImportName)]
    private static extern int rd_kafka_poll(nint client, int timeoutMs);

    [DllImport(NativeKafka.ImportName)]
    private static extern int rd_kafka_flush(nint client, int timeoutMs);

    [DllImport(NativeKafka.ImportName)]
    private static extern void rd_kafka_topic_destroy(nint topic);

    [DllImport(NativeKafka.ImportName)]
    private static extern void rd_kafka_destroy(nint client);

    /// <summary>rd_kafka_message_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NativeMessage
    {
        public int Error;
        public nint Topic;
        public int Partition;
        public nint Value;
        public nuint ValueBytes;
        public nint Key;
        public nuint KeyBytes;
        public long Offset;
        public nint Tag;
    }
}
