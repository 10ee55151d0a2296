using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Kafka;
using Reco.Workload.Testing;

namespace Reco.Adapters.Tests.Kafka;

/// <summary>
/// A test broker (librdkafka's mock cluster in a process of its own: real protocol, 5 MiB a partition, no admin calls but metadata, no real
/// transactions, no check of the producers' sequence numbers), and logs on it.
/// </summary>
internal sealed class TestKafka : IAsyncDisposable
{
    private readonly KafkaMetrics _metrics = new();
    private readonly List<IAsyncDisposable> _open = [];

    private TestKafka(TestBroker broker, KafkaOptions options) => (Broker, Options) = (broker, options);

    public TestBroker Broker { get; }

    public KafkaOptions Options { get; }

    public static async Task<TestKafka> StartAsync(int partitions, int brokers = 1)
    {
        var options = OptionsFor(partitions);
        var broker = await TestBroker.StartAsync(
            [(options.Topic, partitions), (options.DeadLetterTopic, 1)], brokers, TestContext.Current.CancellationToken);
        options.BootstrapServers = broker.BootstrapServers;
        return new TestKafka(broker, options);
    }

    public static KafkaOptions OptionsFor(int partitions) => new()
    {
        Partitions = partitions,
        CreateTopics = false, // The test broker knows no admin calls.
        LingerMs = 1,
        SessionTimeoutSeconds = 6,
        CheckIntervalSeconds = 0.2,
        EndOffsetIntervalSeconds = 0.2,
        DeliveryTimeoutSeconds = 20,
    };

    public KafkaEventLog Open() => Track(new KafkaEventLog(Options, _metrics, TimeProvider.System, NullLogger.Instance));

    public T Track<T>(T log)
        where T : IAsyncDisposable
    {
        _open.Add(log);
        return log;
    }

    public KafkaMetrics Metrics => _metrics;

    public async Task CloseLogsAsync()
    {
        foreach (var log in _open)
        {
            await log.DisposeAsync();
        }

        _open.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseLogsAsync();
        _metrics.Dispose();
        await Broker.DisposeAsync();
    }
}
