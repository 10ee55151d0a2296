using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Reco.Workload.Purchases.Comparing;
using Reco.Workload.Purchases.Logging;
using Reco.Workload.Purchases.Producing;
using Reco.Workload.Retail;
using Reco.Workload.Testing;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary><c>reco purchases compare</c>: what each setting of the producer contributes, measured.</summary>
internal static class PurchasesCompareCommand
{
    /// <summary>As many partitions as batches are filled at once; the test broker keeps 5 MiB of each and drops older ones.</summary>
    private const int TestPartitions = 12;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create(CommandContext context)
    {
        var file = PurchasesCommand.FileArgument();
        var bootstrap = PurchasesCommand.Bootstrap();
        var topic = PurchasesCommand.Topic();
        var limit = PurchasesCommand.Limit();
        var config = PurchasesSetup.ConfigOption();
        var sample = new Option<int>("--sample")
        {
            Description = "Messages that every profile sends and that are compared; slow profiles are measured on 1, 10 or 100 times as many.",
            DefaultValueFactory = _ => 1_000,
            HelpName = "N",
        };
        sample.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1_000_000)
            {
                result.AddError("--sample must be 1 to 1000000");
            }
        });
        var testBroker = new Option<bool>("--test-broker")
        {
            Description = "Start a test broker (librdkafka's mock cluster in its own process) and use that.",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object on stdout and nothing else there." };
        var command = new Command("compare", "Sends the file with every profile and compares. " + PurchasesCommand.Help)
        {
            file, bootstrap, topic, limit, config, sample, testBroker, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(testBroker) && result.GetValue(bootstrap) is not null)
            {
                result.AddError("--test-broker starts a broker of its own; leave --bootstrap away");
            }
        });
        command.SetAction((parsed, cancellationToken) => context.RunPurchasesAsync(
            async () =>
            {
                using var setup = Setup(parsed.GetValue(config), parsed.GetValue(bootstrap), parsed.GetValue(topic));
                var where = setup.Bind(new PurchaseProducerOptions(), PurchaseProducerOptions.Section);
                PurchasesSetup.Require(new PurchaseProducerOptionsValidator().Validate(null, where));
                var source = RetailFile.Inspect(parsed.GetValue(file)!, cancellationToken);
                await using var broker = parsed.GetValue(testBroker)
                    ? await TestBroker.StartAsync([(where.Topic, TestPartitions)], cancellationToken: cancellationToken)
                    : null;
                var options = new ComparisonOptions
                {
                    BootstrapServers = broker?.BootstrapServers ?? where.BootstrapServers,
                    Topic = where.Topic,
                    Limit = parsed.GetValue(limit),
                    SampleMessages = parsed.GetValue(sample),
                };
                var comparison = new PurchaseComparison(options, context.Time, setup.Logs.CreateLogger(PurchaseLogs.Comparison));
                return await RunAsync(context.Console, comparison, options, source, parsed.GetValue(json), cancellationToken);
            },
            cancellationToken));
        return command;
    }

    private static PurchasesSetup Setup(string? config, string? bootstrap, string? topic) => new(config, PurchasesSetup.WithoutNulls(new()
    {
        [$"{PurchaseProducerOptions.Section}:{nameof(PurchaseProducerOptions.BootstrapServers)}"] = bootstrap,
        [$"{PurchaseProducerOptions.Section}:{nameof(PurchaseProducerOptions.Topic)}"] = topic,
        // Dozens of runs that each say when they start are noise here.
        ["Logging:LogLevel:" + PurchaseLogs.Comparison] = nameof(LogLevel.Warning),
    }));

    private static async Task<int> RunAsync(
        IAnsiConsole console,
        PurchaseComparison comparison,
        ComparisonOptions options,
        RetailFile file,
        bool isJson,
        CancellationToken cancellationToken)
    {
        Action<ProfileRun> done = isJson ? _ => { } : run => console.WriteLine(Line(run));
        var result = await comparison.RunAsync(file, done, cancellationToken);
        Say(console, result, options, isJson);
        return result.IsContentRight ? ExitCode.Done : PurchasesCommand.ContentDiffers;
    }

    private static void Say(IAnsiConsole console, ComparisonResult result, ComparisonOptions options, bool isJson)
    {
        if (isJson)
        {
            console.WriteLine(JsonSerializer.Serialize(
                new { result.Messages, options.SampleMessages, identical = result.IsContentRight, profiles = result.Runs, ratios = result.Ratios() }, Json));
            return;
        }

        foreach (var (name, ratio) in result.Ratios())
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-60} {ratio,10:0.00}"));
        }

        console.WriteLine(result.IsContentRight
            ? "Every profile sent what the naive reader reads."
            : "The profiles did NOT send the same: see the lines marked so.");
    }

    private static string Line(ProfileRun run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.Name,-32} {run.Messages,8} messages {run.Seconds,8:0.00} s {run.MessagesPerSecond,10:0} a second  content {run.ContentHash}{(run.IsContentRight ? "" : " DIFFERS")}");
}
