using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace Reco.Adapters.Kafka.Testing;

/// <summary>
/// A test broker, not Kafka: librdkafka's mock cluster (rdkafka_mock.h). It speaks the real protocol on loopback sockets (produce,
/// fetch, groups, offset commits, errors on demand), but keeps everything in memory, at most 5 MiB a partition (older records are
/// dropped), knows no admin call but metadata - others can crash it -, and no real transactions. Run it in a process of its own.
/// </summary>
public sealed class MockKafkaCluster : IDisposable
{
    /// <summary>What a partition keeps, in bytes as they came over the wire, that is compressed; from rdkafka_mock.c.</summary>
    public const int PartitionBytesMax = 5 * 1024 * 1024;

    private const int Producer = 0;
    private const int ErrorBytes = 512;
    private const int InitialRebalanceDelayMs = 100;
    private readonly nint _client;
    private readonly nint _cluster;
    private bool _isDisposed;

    /// <summary>Starts the brokers, numbered from 1, each on a free port of 127.0.0.1.</summary>
    /// <exception cref="Reco.Core.Ports.EventLogException">librdkafka cannot be loaded.</exception>
    /// <exception cref="InvalidOperationException">It refused.</exception>
    public MockKafkaCluster(int brokers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(brokers);
        NativeKafka.EnsureLoaded();
        var error = new byte[ErrorBytes];
        _client = rd_kafka_new(Producer, 0, error, ErrorBytes);
        if (_client == 0)
        {
            throw new InvalidOperationException($"librdkafka could not be started: {TextOf(error)}");
        }

        _cluster = rd_kafka_mock_cluster_new(_client, brokers);
        if (_cluster == 0)
        {
            rd_kafka_destroy(_client);
            throw new InvalidOperationException($"librdkafka could not start a mock cluster of {brokers} brokers.");
        }

        // Three seconds by default, in which nothing would be read at the start of each test.
        rd_kafka_mock_group_initial_rebalance_delay_ms(_cluster, InitialRebalanceDelayMs);
        Brokers = brokers;
        BootstrapServers = Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(_cluster))!;
    }

    /// <summary>How many brokers there are.</summary>
    public int Brokers { get; }

    /// <summary>Where clients connect: "127.0.0.1:port,...".</summary>
    public string BootstrapServers { get; }

    /// <summary>Makes a topic, replicated to every broker.</summary>
    public void CreateTopic(string topic, int partitions)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitions);
        Check(rd_kafka_mock_topic_create(_cluster, topic, partitions, Brokers), $"create topic '{topic}'");
    }

    /// <summary>The next requests of a kind are answered with these errors, one each; <see cref="ErrorCode.Local_Transport"/> disconnects instead.</summary>
    /// <param name="apiKey">The protocol's number of the request: 0 Produce, 1 Fetch, 8 OffsetCommit, 12 Heartbeat, ...</param>
    /// <param name="errors">In order.</param>
    public void PushErrors(short apiKey, IReadOnlyList<ErrorCode> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        rd_kafka_mock_push_request_errors_array(_cluster, apiKey, (nuint)errors.Count, [.. errors.Select(e => (int)e)]);
    }

    /// <summary>Forgets the errors of a kind of request that were not used yet.</summary>
    public void ClearErrors(short apiKey) => rd_kafka_mock_clear_request_errors(_cluster, apiKey);

    /// <summary>Closes a broker's connections and refuses new ones.</summary>
    public void SetDown(int broker) => Check(rd_kafka_mock_broker_set_down(_cluster, broker), $"take broker {broker} down");

    /// <summary>Takes connections again.</summary>
    public void SetUp(int broker) => Check(rd_kafka_mock_broker_set_up(_cluster, broker), $"bring broker {broker} up");

    /// <summary>Answers of a broker are held back so long.</summary>
    public void SetRoundTrip(int broker, int milliseconds) =>
        Check(rd_kafka_mock_broker_set_rtt(_cluster, broker, milliseconds), $"slow broker {broker} down");

    /// <summary>Makes a broker the leader of a partition.</summary>
    public void SetLeader(string topic, int partition, int broker) =>
        Check(rd_kafka_mock_partition_set_leader(_cluster, topic, partition, broker), $"make broker {broker} the leader of {topic} [{partition}]");

    /// <summary>Ends the brokers; what they kept is gone.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            rd_kafka_mock_cluster_destroy(_cluster);
            rd_kafka_destroy(_client);
        }
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"The mock cluster could not {what}: {((ErrorCode)error).GetReason()}.");
        }
    }

    private static string TextOf(byte[] zeroTerminated) => Encoding.UTF8.GetString(zeroTerminated).TrimEnd('\0');

    // Signatures as in librdkafka 2.15.1, src/rdkafka.h and src/rdkafka_mock.h.
    [DllImport(NativeKafka.ImportName)]
    private static extern nint rd_kafka_new(int type, nint configuration, [Out] byte[] error, nuint errorBytes);

    [DllImport(NativeKafka.ImportName)]
    private static extern void rd_kafka_destroy(nint client);

    [DllImport(NativeKafka.ImportName)]
    private static extern nint rd_kafka_mock_cluster_new(nint client, int brokers);

    [DllImport(NativeKafka.ImportName)]
    private static extern void rd_kafka_mock_cluster_destroy(nint cluster);

    [DllImport(NativeKafka.ImportName)]
    private static extern nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [DllImport(NativeKafka.ImportName)]
    private static extern void rd_kafka_mock_group_initial_rebalance_delay_ms(nint cluster, int delayMs);

    [DllImport(NativeKafka.ImportName)]
    private static extern int rd_kafka_mock_topic_create(
        nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partitions, int replicas);

    [DllImport(NativeKafka.ImportName)]
    private static extern void rd_kafka_mock_push_request_errors_array(nint cluster, short apiKey, nuint count, int[] errors);

    [DllImport(NativeKafka.ImportName)]
    private static extern void rd_kafka_mock_clear_request_errors(nint cluster, short apiKey);

    [DllImport(NativeKafka.ImportName)]
    private static extern int rd_kafka_mock_broker_set_down(nint cluster, int broker);

    [DllImport(NativeKafka.ImportName)]
    private static extern int rd_kafka_mock_broker_set_up(nint cluster, int broker);

    [DllImport(NativeKafka.ImportName)]
    private static extern int rd_kafka_mock_broker_set_rtt(nint cluster, int broker, int milliseconds);

    [DllImport(NativeKafka.ImportName)]
    private static extern int rd_kafka_mock_partition_set_leader(
        nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition, int broker);
}
