using System.CommandLine;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Kafka;
using Reco.Adapters.Kafka.DeadLetters;
using Reco.Core.Ports;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary><c>reco dead-letters list|retry</c>: the records in Kafka that could not be processed.</summary>
internal static class DeadLettersCommand
{
    private const int ValueShownMax = 120;

    public static Command Create(CommandContext context)
    {
        var defaults = new KafkaOptions();
        var bootstrap = new Option<string>("--bootstrap") { Description = "Kafka's brokers.", Required = true, HelpName = "HOST:PORT,..." };
        var topic = new Option<string>("--topic")
        {
            Description = "Topic of the dead letters.",
            DefaultValueFactory = _ => defaults.DeadLetterTopic,
            HelpName = "NAME",
        };
        var partition = new Option<int?>("--partition") { Description = "Only the letter from this partition of the event log ...", HelpName = "P" };
        var offset = new Option<long?>("--offset") { Description = "... and this offset.", HelpName = "N" };
        var again = new Option<bool>("--again") { Description = "Also those that were sent again before." };
        var list = new Command("list", "Lists them, the oldest first, and says which were sent again. " + ExitCode.Help) { bootstrap, topic };
        list.SetAction((parsed, cancellationToken) => RunAsync(context, Read(parsed), (log, cancel) => ListAsync(context, log, cancel), cancellationToken));
        var retry = new Command(
            "retry",
            "Sends them to the topic and partition that they came from, once each, for a system that can process them by now. " + ExitCode.Help)
        {
            bootstrap, topic, partition, offset, again,
        };
        retry.SetAction((parsed, cancellationToken) => RunAsync(
            context,
            Read(parsed),
            (log, cancel) => RetryAsync(
                context, log, new Choice(parsed.GetValue(partition), parsed.GetValue(offset), parsed.GetValue(again)), cancel),
            cancellationToken));
        return new Command("dead-letters", "Records of the event log in Kafka that could not be processed.") { list, retry };

        KafkaOptions Read(ParseResult parsed) => new()
        {
            BootstrapServers = parsed.GetValue(bootstrap)!,
            DeadLetterTopic = parsed.GetValue(topic)!,
        };
    }

    private static Task<int> RunAsync(
        CommandContext context, KafkaOptions options, Func<KafkaDeadLetterLog, CancellationToken, Task<int>> work, CancellationToken cancellationToken) =>
        context.RunAsync(
            async () =>
            {
                if (new KafkaOptionsValidator().Validate(null, options) is { Failed: true } invalid)
                {
                    throw new ArgumentFaultException(string.Join(Environment.NewLine, invalid.Failures));
                }

                try
                {
                    using var metrics = new KafkaMetrics();
                    await using var log = new KafkaDeadLetterLog(options, connection: null, metrics, context.Time, NullLogger.Instance);
                    return await work(log, cancellationToken);
                }
                catch (EventLogException fault)
                {
                    context.Error.WriteLine(fault.Message);
                    return ExitCode.ServerUnavailable;
                }
            },
            cancellationToken);

    private static async Task<int> ListAsync(CommandContext context, KafkaDeadLetterLog log, CancellationToken cancellationToken)
    {
        var letters = await log.ReadAsync(cancellationToken);
        foreach (var letter in letters)
        {
            context.Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{letter.KeptAt:yyyy-MM-ddTHH:mm:ssZ}  {PlaceOf(letter)}  {letter.Letter.Reason}{(letter.RetriedAt is { } at ? $"  (sent again {at:yyyy-MM-ddTHH:mm:ssZ})" : "")}  {ValueOf(letter.Letter.Value.Span)}"));
        }

        context.Console.WriteLine($"{letters.Count} dead letters, {letters.Count(l => l.RetriedAt is not null)} sent again.");
        return ExitCode.Done;
    }

    private static async Task<int> RetryAsync(CommandContext context, KafkaDeadLetterLog log, Choice choice, CancellationToken cancellationToken)
    {
        var chosen = (await log.ReadAsync(cancellationToken)).Where(choice.Includes).ToList();
        foreach (var letter in chosen)
        {
            await log.RetryAsync(letter, cancellationToken);
            context.Console.WriteLine($"{PlaceOf(letter)} sent again.");
        }

        context.Console.WriteLine($"{chosen.Count} dead letters sent again.");
        return ExitCode.Done;
    }

    private static string PlaceOf(KafkaDeadLetter letter) =>
        string.Create(CultureInfo.InvariantCulture, $"{letter.Topic}/{letter.Letter.Partition}/{letter.Letter.Offset}");

    /// <summary>Its beginning, as text where it is text; control characters would disturb the terminal.</summary>
    private static string ValueOf(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, ValueShownMax)]);
        var shown = text.Contains('\uFFFD', StringComparison.Ordinal) || text.Any(char.IsControl)
            ? "0x" + Convert.ToHexString(value[..Math.Min(value.Length, ValueShownMax / 2)])
            : text;
        return value.Length > ValueShownMax ? string.Create(CultureInfo.InvariantCulture, $"{shown}... ({value.Length} bytes)") : shown;
    }

    private sealed record Choice(int? Partition, long? Offset, bool Again)
    {
        public bool Includes(KafkaDeadLetter letter) =>
            (Again || letter.RetriedAt is null)
            && (Partition is null || Partition == letter.Letter.Partition)
            && (Offset is null || Offset == letter.Letter.Offset);
    }
}
