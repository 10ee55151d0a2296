using System.CommandLine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Workload.Traffic;
using Reco.Workload.Traffic.Sinks;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary><c>reco generate</c>: shoppers' events, to a running system or to a file.</summary>
internal static class GenerateCommand
{
    private static readonly TimeSpan FileDuration = TimeSpan.FromHours(1);

    public static Command Create(CommandContext context)
    {
        var defaults = new TrafficOptions();
        var url = OptionParsers.Url();
        var rate = new Option<double?>("--rate") { Description = "A fixed rate in events per second, instead of the daily curve.", HelpName = "N" };
        var clock = new Option<string>("--clock")
        {
            Description = "Simulated seconds in a real second, such as 60x. Starts a day ago and goes on at 1x once it has caught up.",
            DefaultValueFactory = _ => defaults.Clock,
            HelpName = "60x",
        };
        var seed = new Option<ulong>("--seed") { Description = "Decides who likes what.", DefaultValueFactory = _ => defaults.Seed, HelpName = "S" };
        var runId = new Option<string?>("--run-id")
        {
            Description = "Part of every event id; the same id and seed make the same shoppers again. By default the time of the start.",
            HelpName = "ID",
        };
        var duration = new Option<TimeSpan?>("--duration")
        {
            Description = "How long: 90s, 10m, 2h. By default until Ctrl-C, or an hour with --output.",
            CustomParser = OptionParsers.Duration,
            HelpName = "T",
        };
        var promotions = new Option<string[]>("--promotion")
        {
            Description = "A daily promotion (UTC) that multiplies the curve's load by 20 or the factor given; may be repeated.",
            DefaultValueFactory = _ => [],
            HelpName = "HH:mm-HH:mm[@20x]",
        };
        var output = new Option<FileInfo?>("--output")
        {
            Description = "Write a file, one JSON event a line, as fast as possible, instead of sending. Its last event is dated now.",
            HelpName = "FILE.ndjson",
        };
        var command = new Command("generate", "Makes shoppers' events at the rate of a shop's day. " + ExitCode.Help)
        {
            url, rate, clock, seed, runId, duration, promotions, output,
        };
        command.SetAction((parsed, cancellationToken) => context.RunAsync(
            () =>
            {
                var options = Read(parsed);
                return new TrafficOptionsValidator().Validate(null, options) is { Failed: true } invalid
                    ? throw new ArgumentFaultException(string.Join(Environment.NewLine, invalid.Failures))
                    : parsed.GetValue(output) is { } file
                    ? WriteAsync(context, options, file, parsed.GetValue(duration) ?? FileDuration, cancellationToken)
                    : SendAsync(context, options, parsed.GetValue(url)!, parsed.GetValue(duration), cancellationToken);
            },
            cancellationToken));
        return command;

        TrafficOptions Read(ParseResult parsed) => new()
        {
            Enabled = true,
            RatePerSecond = parsed.GetValue(rate),
            Clock = parsed.GetValue(clock) ?? "",
            Seed = parsed.GetValue(seed),
            RunId = parsed.GetValue(runId),
            Promotions = parsed.GetValue(promotions) ?? [],
        };
    }

    private static async Task<int> SendAsync(
        CommandContext context, TrafficOptions options, Uri url, TimeSpan? duration, CancellationToken cancellationToken)
    {
        using var http = context.CreateHttp();
        using var sink = new HttpEventSink(context.CreateApi(http, url));
        using var logs = CreateLogs();
        var runner = new TrafficRunner(options, context.Products(), sink, context.Time, logs.CreateLogger<TrafficRunner>());
        await runner.RunAsync(duration, cancellationToken);
        var status = runner.Status;
        context.Console.WriteLine($"{status.Sent} events sent, {status.Skipped} skipped, {sink.Rejected} rejected.");
        if (sink.FirstRejection is { } rejection)
        {
            context.Error.WriteLine($"The first rejected event: {rejection}");
        }

        return duration is not null && cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static async Task<int> WriteAsync(
        CommandContext context, TrafficOptions options, FileInfo file, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var stream = file.Create();
        var clock = new JumpingTimeProvider(context.Time.GetUtcNow() - duration);
        var runner = new TrafficRunner(options, context.Products(), new NdjsonSink(stream), clock, NullLogger<TrafficRunner>.Instance);
        await runner.RunAsync(duration, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        context.Console.WriteLine($"{runner.Status.Sent} events written to {file.FullName}.");
        return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static ILoggerFactory CreateLogs() => LoggerFactory.Create(logs => logs.AddSimpleConsole(line =>
    {
        line.SingleLine = true;
        line.TimestampFormat = "HH:mm:ss ";
    }));
}
