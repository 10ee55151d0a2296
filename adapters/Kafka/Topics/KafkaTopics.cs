using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Reco.Adapters.Kafka.Native;

namespace Reco.Adapters.Kafka.Topics;

/// <summary>Compares the topics with the options, and makes those that are missing.</summary>
internal sealed class KafkaTopics(KafkaLogContext context, IAdminClient admin)
{
    private const int DeadLetterPartitions = 1;

    private readonly TimeSpan _patience =
        TimeSpan.FromSeconds(Math.Clamp(context.Options.CheckIntervalSeconds, 1, context.Options.RequestTimeoutSeconds));

    private KafkaOptions Options => context.Options;

    /// <summary>What is wrong and what to do; null when all is as it should be.</summary>
    public async Task<string?> CheckAsync()
    {
        try
        {
            return await CheckAsync(Options.Topic, Options.Partitions, isExact: true)
                ?? await CheckAsync(Options.DeadLetterTopic, DeadLetterPartitions, isExact: false);
        }
        catch (KafkaException failure)
        {
            return $"Kafka at {Options.BootstrapServers} does not answer: {failure.Error.Reason}.";
        }
    }

    private async Task<string?> CheckAsync(string topic, int partitions, bool isExact)
    {
        // Of all topics: asking for one by name would make brokers create it, with their default partitions.
        var found = (await OwnThread.RunAsync(() => admin.GetMetadata(_patience))).Topics.Find(t => t.Topic == topic);
        if (found is null || found.Error.Code == ErrorCode.UnknownTopicOrPart)
        {
            return Options.CreateTopics ? await CreateAsync(topic, partitions) : Missing(topic, partitions, "Kafka:CreateTopics is off");
        }

        if (found.Error.IsError)
        {
            return $"Topic '{topic}' cannot be used: {found.Error.Reason}.";
        }

        return isExact && found.Partitions.Count != partitions
            ? $"Topic '{topic}' has {found.Partitions.Count} partitions, but Kafka:Partitions is {partitions}. A user's events are found by that number, "
                + (found.Partitions.Count < partitions
                    ? $"so give the topic its {partitions} partitions back, or use a new topic and a new data folder."
                    : $"so use a new topic with {partitions} partitions, or a new data folder with Kafka:Partitions={found.Partitions.Count}.")
            : null;
    }

    private async Task<string?> CreateAsync(string topic, int partitions)
    {
        var specification = new TopicSpecification
        {
            Name = topic,
            NumPartitions = partitions,
            ReplicationFactor = (short)Options.ReplicationFactor,

            // "Appended at" is the brokers' clock, not the sender's.
            Configs = new Dictionary<string, string> { ["message.timestamp.type"] = "LogAppendTime" },
        };
        try
        {
            await admin.CreateTopicsAsync(
                [specification], new CreateTopicsOptions { RequestTimeout = Options.RequestTimeout, OperationTimeout = Options.RequestTimeout });
            return null;
        }
        catch (CreateTopicsException failure)
        {
            var error = failure.Results.Select(r => r.Error).FirstOrDefault(e => e.IsError, failure.Error);
            return error.Code == ErrorCode.TopicAlreadyExists ? null : Missing(topic, partitions, $"it could not be made ({error.Reason})");
        }
    }

    private string Missing(string topic, int partitions, string why) => string.Create(
        CultureInfo.InvariantCulture,
        $"Topic '{topic}' is missing, and {why}. Make it: kafka-topics.sh --bootstrap-server {Options.BootstrapServers} --create --topic {topic} --partitions {partitions} --replication-factor {Options.ReplicationFactor} --config message.timestamp.type=LogAppendTime.");
}
