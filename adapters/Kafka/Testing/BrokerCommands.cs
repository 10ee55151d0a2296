using System.Globalization;
using Confluent.Kafka;

namespace Reco.Adapters.Kafka.Testing;

/// <summary>What a test asks of the test broker's process, one line each; see <see cref="Help"/>.</summary>
public static class BrokerCommands
{
    /// <summary>The commands.</summary>
    public const string Help =
        "errors <request> <error> [count] | clear <request> | down <broker|all> | up <broker|all> | rtt <broker|all> <milliseconds>"
        + " | leader <topic> <partition> <broker> | topic <name> <partitions>";

    /// <summary>Requests by their names in the protocol.</summary>
    private static readonly Dictionary<string, short> Requests = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Produce"] = 0,
        ["Fetch"] = 1,
        ["ListOffsets"] = 2,
        ["Metadata"] = 3,
        ["OffsetCommit"] = 8,
        ["OffsetFetch"] = 9,
        ["FindCoordinator"] = 10,
        ["JoinGroup"] = 11,
        ["Heartbeat"] = 12,
        ["LeaveGroup"] = 13,
        ["SyncGroup"] = 14,
        ["InitProducerId"] = 22,
    };

    /// <summary>Does what the line says; answers "ok", or "error: " and what is wrong with it.</summary>
    public static string Run(MockKafkaCluster cluster, string line)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(line);
        try
        {
            Run(cluster, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            return "ok";
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException or InvalidOperationException or ArgumentException)
        {
            return $"error: {wrong.Message}";
        }
    }

    private static void Run(MockKafkaCluster cluster, string[] words)
    {
        switch (words)
        {
            case ["errors", var request, var error]:
                cluster.PushErrors(RequestOf(request), [ErrorOf(error)]);
                break;
            case ["errors", var request, var error, var count]:
                cluster.PushErrors(RequestOf(request), [.. Enumerable.Repeat(ErrorOf(error), NumberOf(count))]);
                break;
            case ["clear", var request]:
                cluster.ClearErrors(RequestOf(request));
                break;
            case ["down", var broker]:
                ForEach(cluster, broker, cluster.SetDown);
                break;
            case ["up", var broker]:
                ForEach(cluster, broker, cluster.SetUp);
                break;
            case ["rtt", var broker, var milliseconds]:
                ForEach(cluster, broker, b => cluster.SetRoundTrip(b, NumberOf(milliseconds)));
                break;
            case ["leader", var topic, var partition, var broker]:
                cluster.SetLeader(topic, NumberOf(partition), NumberOf(broker));
                break;
            case ["topic", var topic, var partitions]:
                cluster.CreateTopic(topic, NumberOf(partitions));
                break;
            default:
                throw new FormatException($"'{string.Join(' ', words)}' is none of: {Help}");
        }
    }

    private static void ForEach(MockKafkaCluster cluster, string broker, Action<int> act)
    {
        if (broker != "all")
        {
            act(NumberOf(broker));
            return;
        }

        for (var b = 1; b <= cluster.Brokers; b++)
        {
            act(b);
        }
    }

    private static short RequestOf(string word) =>
        Requests.TryGetValue(word, out var key) ? key : short.Parse(word, CultureInfo.InvariantCulture);

    /// <summary>As the protocol writes it (NOT_LEADER_FOR_PARTITION) or as the client does (NotLeaderForPartition).</summary>
    private static ErrorCode ErrorOf(string word) =>
        Enum.GetNames<ErrorCode>().FirstOrDefault(
            name => string.Equals(name, word.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<ErrorCode>(known)
            : int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (ErrorCode)number
            : throw new FormatException($"'{word}' is no error code");

    private static int NumberOf(string word) => int.Parse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
