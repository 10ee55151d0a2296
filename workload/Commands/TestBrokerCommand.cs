using System.CommandLine;
using System.Globalization;
using Reco.Adapters.Kafka.Testing;
using Reco.Core.Ports;

namespace Reco.Workload.Commands;

/// <summary>
/// <c>reco test-broker</c>, hidden: librdkafka's mock cluster in a process of its own, for tests and benchmarks. Prints where it listens,
/// then does what each line on stdin says and answers it with a line, until stdin closes: it never outlives who started it.
/// </summary>
internal static class TestBrokerCommand
{
    public static Command Create(CommandContext context)
    {
        var topics = new Option<string>("--topics") { Description = "Topics to make.", Required = true, HelpName = "NAME:PARTITIONS,..." };
        var brokers = new Option<int>("--brokers") { Description = "How many brokers.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var command = new Command("test-broker", "A test broker that speaks Kafka's protocol. stdin: " + BrokerCommands.Help)
        {
            topics, brokers,
        };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => context.RunAsync(
            () => RunAsync(Console.In, Console.Out, parsed.GetValue(topics)!, parsed.GetValue(brokers), cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        TextReader input, TextWriter output, string topics, int brokers, CancellationToken cancellationToken)
    {
        var wanted = topics.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(TopicOf).ToList();
        if (brokers is < 1 or > 16)
        {
            throw new ArgumentFaultException($"--brokers is {brokers}; it must be 1 to 16.");
        }

        using var cluster = Start(brokers);
        foreach (var (name, partitions) in wanted)
        {
            cluster.CreateTopic(name, partitions);
        }

        await output.WriteLineAsync($"bootstrap {cluster.BootstrapServers}");
        await output.FlushAsync(cancellationToken);
        while (await input.ReadLineAsync(cancellationToken) is { } line)
        {
            await output.WriteLineAsync(BrokerCommands.Run(cluster, line));
            await output.FlushAsync(cancellationToken);
        }

        return ExitCode.Done;
    }

    private static MockKafkaCluster Start(int brokers)
    {
        try
        {
            return new MockKafkaCluster(brokers);
        }
        catch (EventLogException missing)
        {
            throw new ArgumentFaultException(missing.Message);
        }
    }

    private static (string Name, int Partitions) TopicOf(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var partitions)
            && partitions is >= 1 and <= 1_000
            ? (text[..colon], partitions)
            : throw new ArgumentFaultException($"--topics has '{text}'; it must be NAME:PARTITIONS, with 1 to 1,000 partitions.");
    }
}
