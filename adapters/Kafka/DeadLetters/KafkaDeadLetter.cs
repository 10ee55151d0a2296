using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Reco.Core.Ports;

namespace Reco.Adapters.Kafka.DeadLetters;

/// <summary>A dead letter as it stands in its topic.</summary>
/// <param name="Topic">Topic that it was read from.</param>
/// <param name="Letter">The record, and what is wrong with it.</param>
/// <param name="KeptAt">When it was kept.</param>
/// <param name="RetriedAt">When it was last sent again; null when never.</param>
public sealed record KafkaDeadLetter(string Topic, DeadLetter Letter, DateTimeOffset KeptAt, DateTimeOffset? RetriedAt);

/// <summary>
/// The form of a message in the dead-letter topic: key "topic/partition/offset", the value as it was, the rest in headers, so that
/// any Kafka tool can read it. A note that a letter was sent again is a message with the same key, the header "retried" and no value.
/// </summary>
internal static class DeadLetterMessage
{
    private const string Topic = "source-topic";
    private const string Partition = "source-partition";
    private const string Offset = "source-offset";
    private const string Reason = "reason";
    private const string Retried = "retried";

    public static string KeyOf(string topic, int partition, long offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}/{offset}");

    public static Message<string, ReadOnlyMemory<byte>> Encode(string topic, DeadLetter letter) => new()
    {
        Key = KeyOf(topic, letter.Partition, letter.Offset),
        Value = letter.Value,
        Headers = [.. Place(topic, letter.Partition, letter.Offset), Header(Reason, letter.Reason)],
    };

    public static Message<string, ReadOnlyMemory<byte>> EncodeRetried(string topic, int partition, long offset) => new()
    {
        Key = KeyOf(topic, partition, offset),
        Value = ReadOnlyMemory<byte>.Empty,
        Headers = [.. Place(topic, partition, offset), Header(Retried, "1")],
    };

    /// <summary>False for a message that is none of ours.</summary>
    public static bool TryDecode(ConsumeResult<Ignore, byte[]> message, out KafkaDeadLetter letter, out bool isRetried)
    {
        var headers = message.Message.Headers;
        isRetried = headers.TryGetLastBytes(Retried, out _);
        var reason = Text(headers, Reason);
        if (Text(headers, Topic) is { } topic
            && int.TryParse(Text(headers, Partition), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(Text(headers, Offset), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            && (isRetried || reason is not null))
        {
            letter = new KafkaDeadLetter(
                topic,
                new DeadLetter(partition, offset, reason ?? "", message.Message.Value ?? []),
                new DateTimeOffset(message.Message.Timestamp.UtcDateTime),
                RetriedAt: null);
            return true;
        }

        letter = null!;
        return false;
    }

    private static IEnumerable<Header> Place(string topic, int partition, long offset) =>
    [
        Header(Topic, topic),
        Header(Partition, partition.ToString(CultureInfo.InvariantCulture)),
        Header(Offset, offset.ToString(CultureInfo.InvariantCulture)),
    ];

    private static Header Header(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    private static string? Text(Headers headers, string name) =>
        headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
