using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace Reco.Adapters.Kafka;

/// <summary>The event log in Kafka. Section "Kafka"; switched on by <see cref="BootstrapServers"/>.</summary>
public sealed class KafkaOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Kafka";

    /// <summary>"host:port,...": switches the event log and the dead letters from the journal to Kafka. Empty: off.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>The event log.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9._-]{1,249}$")]
    public string Topic { get; set; } = "user-events-all";

    /// <summary>Partitions of the event log: what the topic is made with, and must have. Which one a user's events are in depends on it.</summary>
    [Range(1, 1_024)]
    public int Partitions { get; set; } = 8;

    /// <summary>Copies of each partition, for topics that are made. 3 for a cluster that survives a broker.</summary>
    [Range(1, 16)]
    public int ReplicationFactor { get; set; } = 1;

    /// <summary>Records that cannot be processed. One partition is enough, and only the first is used.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9._-]{1,249}$")]
    public string DeadLetterTopic { get; set; } = "user-events-dlq";

    /// <summary>Make missing topics. Otherwise, or where that is not permitted, the log says which to make.</summary>
    public bool CreateTopics { get; set; } = true;

    /// <summary>How long the first record of a batch waits for company.</summary>
    [Range(0, 1_000)]
    public double LingerMs { get; set; } = 5;

    /// <summary>Largest batch of one partition, before compression.</summary>
    [Range(1_024, 16 << 20)]
    public int BatchBytes { get; set; } = 256 << 10;

    /// <summary>Batches sent to a broker before the first is answered. Brokers keep the order of up to 5 of an idempotent producer.</summary>
    [Range(1, 5)]
    public int MaxInFlight { get; set; } = 5;

    /// <summary>How batches are compressed.</summary>
    public CompressionType Compression { get; set; } = CompressionType.Lz4;

    /// <summary>How much may wait for the brokers; appends beyond it are refused, and the gateway answers 503.</summary>
    [Range(64 << 10, 1 << 30)]
    public int QueueBytes { get; set; } = 64 << 20;

    /// <summary>Largest value of a record; must not be above the topic's max.message.bytes.</summary>
    [Range(1, 16 << 20)]
    public int MaxRecordBytes { get; set; } = 900_000;

    /// <summary>How long an append waits for the brokers, retries included, before it fails.</summary>
    [Range(1, 600)]
    public double DeliveryTimeoutSeconds { get; set; } = 30;

    /// <summary>How long a request that reads or commits positions may take.</summary>
    [Range(1, 300)]
    public double RequestTimeoutSeconds { get; set; } = 10;

    /// <summary>How much a reader holds ready, for each partition.</summary>
    [Range(64, 1 << 20)]
    public int FetchQueueKilobytes { get; set; } = 8_192;

    /// <summary>A member that is silent for so long is dead, and its partitions go to others. Brokers allow 6 to 300 by default.</summary>
    [Range(1, 1_800)]
    public double SessionTimeoutSeconds { get; set; } = 10;

    /// <summary>How long giving up a partition, that is its last checkpoint, may take before others take it anyway.</summary>
    [Range(10, 3_600)]
    public double RebalanceTimeoutSeconds { get; set; } = 300;

    /// <summary>Static membership: a name of this process's own in the group. A restart within the session timeout then moves no partition.</summary>
    public string? GroupInstanceId { get; set; }

    /// <summary>How often the brokers and the topic are looked at; also the first wait after a failure.</summary>
    [Range(0.1, 300)]
    public double CheckIntervalSeconds { get; set; } = 5;

    /// <summary>How often the ends of the partitions are asked for, which the lag is measured by.</summary>
    [Range(0.05, 300)]
    public double EndOffsetIntervalSeconds { get; set; } = 1;

    /// <summary>How the connection is secured.</summary>
    public SecurityProtocol SecurityProtocol { get; set; } = SecurityProtocol.Plaintext;

    /// <summary>How to log in, with a security protocol that has it.</summary>
    public SaslMechanism? SaslMechanism { get; set; }

    /// <summary>Name to log in with.</summary>
    public string? SaslUsername { get; set; }

    /// <summary>Password to log in with.</summary>
    public string? SaslPassword { get; set; }

    /// <summary>Certificates that the brokers' are checked against; null takes the system's.</summary>
    public string? SslCaLocation { get; set; }

    internal TimeSpan RequestTimeout => TimeSpan.FromSeconds(RequestTimeoutSeconds);
}

/// <summary>Checks every option, and what depends on two of them.</summary>
public sealed class KafkaOptionsValidator : IValidateOptions<KafkaOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, KafkaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true);
        var faults = found.Select(f => $"Kafka: {f.ErrorMessage}").ToList();
        if (options.DeadLetterTopic == options.Topic)
        {
            faults.Add("Kafka:DeadLetterTopic must not be Kafka:Topic: dead letters would be read as events.");
        }

        if (options.MaxRecordBytes >= options.QueueBytes)
        {
            faults.Add("Kafka:QueueBytes must be above MaxRecordBytes: a record has to fit.");
        }

        if (options.RebalanceTimeoutSeconds <= options.SessionTimeoutSeconds)
        {
            faults.Add("Kafka:RebalanceTimeoutSeconds must be above SessionTimeoutSeconds: librdkafka demands it.");
        }

        if (options.DeliveryTimeoutSeconds * 1_000 <= options.LingerMs)
        {
            faults.Add("Kafka:DeliveryTimeoutSeconds must be above LingerMs: every append would time out.");
        }

        if (options.GroupInstanceId is { } id && string.IsNullOrWhiteSpace(id))
        {
            faults.Add("Kafka:GroupInstanceId must not be blank: leave it out, or give each process its own.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
