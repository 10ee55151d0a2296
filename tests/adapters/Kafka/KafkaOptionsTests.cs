using Confluent.Kafka;
using Reco.Adapters.Kafka;
using Reco.Adapters.Kafka.Consuming;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Kafka;

public sealed class KafkaOptionsTests
{
    public static TheoryData<string, Action<KafkaOptions>> Broken => new()
    {
        { "Topic", o => o.Topic = "a b" },
        { "DeadLetterTopic", o => o.DeadLetterTopic = "" },
        { "DeadLetterTopic", o => o.DeadLetterTopic = o.Topic },
        { "Partitions", o => o.Partitions = 0 },
        { "ReplicationFactor", o => o.ReplicationFactor = 0 },
        { "LingerMs", o => o.LingerMs = -1 },
        { "BatchBytes", o => o.BatchBytes = 0 },
        { "MaxInFlight", o => o.MaxInFlight = 0 },
        { "MaxInFlight", o => o.MaxInFlight = 6 },
        { "QueueBytes", o => o.QueueBytes = 1 },
        { "QueueBytes", o => o.MaxRecordBytes = o.QueueBytes = 1 << 20 },
        { "MaxRecordBytes", o => o.MaxRecordBytes = 0 },
        { "DeliveryTimeoutSeconds", o => o.DeliveryTimeoutSeconds = 0 },
        { "DeliveryTimeoutSeconds", o => (o.DeliveryTimeoutSeconds, o.LingerMs) = (1, 1_000) },
        { "RequestTimeoutSeconds", o => o.RequestTimeoutSeconds = 0 },
        { "FetchQueueKilobytes", o => o.FetchQueueKilobytes = 0 },
        { "SessionTimeoutSeconds", o => o.SessionTimeoutSeconds = 0 },
        { "RebalanceTimeoutSeconds", o => o.RebalanceTimeoutSeconds = 1 },
        { "RebalanceTimeoutSeconds", o => o.SessionTimeoutSeconds = o.RebalanceTimeoutSeconds },
        { "GroupInstanceId", o => o.GroupInstanceId = " " },
        { "CheckIntervalSeconds", o => o.CheckIntervalSeconds = 0 },
        { "EndOffsetIntervalSeconds", o => o.EndOffsetIntervalSeconds = 0 },
    };

    [Fact]
    public void Validate_Defaults_AreValidAndWhatTheDesignSays()
    {
        var options = new KafkaOptions();
        Assert.True(new KafkaOptionsValidator().Validate(null, options).Succeeded);
        Assert.Equal(("", "user-events-all", "user-events-dlq"), (options.BootstrapServers, options.Topic, options.DeadLetterTopic));
        Assert.Equal((CompressionType.Lz4, 5), (options.Compression, options.MaxInFlight));
        Assert.Equal(new Adapters.Embedded.EmbeddedOptions().Partitions, options.Partitions);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Validate_OneBrokenField_NamesIt(string field, Action<KafkaOptions> breakIt)
    {
        var options = new KafkaOptions();
        breakIt(options);
        var result = new KafkaOptionsValidator().Validate(null, options);
        Assert.True(result.Failed);
        Assert.Contains(result.Failures, f => f.Contains(field, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, long.MinValue, 0)]
    [InlineData(5, 1_700_000_000_123, 1_700_000_000_456)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue)]
    public void Decode_OfEncode_IsThePosition(long next, long maxEventTimeMs, long committedAtMs)
    {
        var position = new CommittedPosition(next, maxEventTimeMs, committedAtMs);
        Assert.Equal(position, CommitMetadata.Decode(next, CommitMetadata.Encode(position)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("by hand")]
    [InlineData("reco1 max-event-time-ms=99999999999999999999 committed-at-ms=1")]
    [InlineData("reco1 max-event-time-ms=1 committed-at-ms=1 and more")]
    public void Decode_OfWhatOthersCommitted_KnowsTheOffsetOnly(string? metadata) =>
        Assert.Equal(new CommittedPosition(7, long.MinValue, 0), CommitMetadata.Decode(7, metadata));
}
