using Confluent.Kafka;

namespace Reco.Adapters.Kafka;

/// <summary>The options in the client's words.</summary>
internal static class KafkaClientSettings
{
    /// <summary>librdkafka's own bounds are wider than ours, so that ours is the one that is met.</summary>
    private const int OwnBoundOverOurs = 2;

    public static T Common<T>(KafkaOptions options)
        where T : ClientConfig, new()
    {
        var config = new T
        {
            BootstrapServers = options.BootstrapServers,
            ClientId = "reco",
            SecurityProtocol = options.SecurityProtocol,
            ReconnectBackoffMs = 100,
            ReconnectBackoffMaxMs = 2_000,
        };
        if (options.SaslMechanism is { } mechanism)
        {
            (config.SaslMechanism, config.SaslUsername, config.SaslPassword) = (mechanism, options.SaslUsername, options.SaslPassword);
        }

        if (options.SslCaLocation is { } authorities)
        {
            config.SslCaLocation = authorities;
        }

        return config;
    }

    /// <summary>
    /// Idempotent with acks=all: a batch that is sent again after a lost answer is stored once and in order.
    /// </summary>
    public static ProducerConfig Producer(KafkaOptions options)
    {
        var config = Common<ProducerConfig>(options);
        config.EnableIdempotence = true;
        config.Acks = Acks.All;
        config.MaxInFlight = options.MaxInFlight;
        config.LingerMs = options.LingerMs;
        config.BatchSize = options.BatchBytes;
        config.BatchNumMessages = 100_000;
        config.CompressionType = options.Compression;
        config.MessageTimeoutMs = (int)(options.DeliveryTimeoutSeconds * 1_000);
        config.MessageMaxBytes = options.MaxRecordBytes + (64 << 10);
        config.QueueBufferingMaxKbytes = (int)((long)options.QueueBytes * OwnBoundOverOurs / 1_024);
        config.QueueBufferingMaxMessages = 10_000_000;
        config.DeliveryReportFields = "none";
        return config;
    }

    /// <summary>Offsets are stored and committed by the checkpoint rule only; a position outside the log is an error, never a silent jump.</summary>
    public static ConsumerConfig Consumer(KafkaOptions options, string group)
    {
        var config = Common<ConsumerConfig>(options);
        config.GroupId = group;
        config.GroupInstanceId = options.GroupInstanceId;
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;
        config.AutoOffsetReset = AutoOffsetReset.Error;
        config.AllowAutoCreateTopics = false;
        config.SessionTimeoutMs = (int)(options.SessionTimeoutSeconds * 1_000);
        config.HeartbeatIntervalMs = (int)Math.Min(3_000, options.SessionTimeoutSeconds * 1_000 / 4);
        config.MaxPollIntervalMs = (int)(options.RebalanceTimeoutSeconds * 1_000);
        config.QueuedMaxMessagesKbytes = options.FetchQueueKilobytes;
        config.FetchWaitMaxMs = 100;
        config.FetchErrorBackoffMs = 50;
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        return config;
    }
}
