using System.CommandLine;
using System.Globalization;
using Reco.Workload.Purchases.Logging;
using Reco.Workload.Purchases.Messages;
using Reco.Workload.Purchases.Producing;
using Reco.Workload.Retail;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary><c>reco purchases produce</c>: sends a retail file to Kafka.</summary>
internal static class PurchasesProduceCommand
{
    public static Command Create(CommandContext context)
    {
        var file = PurchasesCommand.FileArgument();
        var profile = new Option<string>("--profile")
        {
            Description = "baseline: one message at a time, each awaited. optimized: everything that helps. Settings win over the profile's.",
            DefaultValueFactory = _ => PurchaseProfiles.OptimizedName,
        };
        profile.AcceptOnlyFromAmong(PurchaseProfiles.BaselineName, PurchaseProfiles.BaselineWithoutLingerName, PurchaseProfiles.OptimizedName);
        var limit = PurchasesCommand.Limit();
        var config = PurchasesSetup.ConfigOption();
        var flags = SettingFlags();
        var command = new Command("produce", "Sends each line of the file as a message. " + PurchasesCommand.Help) { file, profile, limit, config };
        foreach (var flag in flags.Keys)
        {
            command.Add(flag);
        }

        command.SetAction((parsed, cancellationToken) => context.RunPurchasesAsync(
            async () =>
            {
                var settings = flags.ToDictionary(f => $"{PurchaseProducerOptions.Section}:{f.Value}", f => parsed.GetValue(f.Key));
                using var setup = new PurchasesSetup(parsed.GetValue(config), PurchasesSetup.WithoutNulls(settings));
                // A copy, for the binder writes into it.
                var options = setup.Bind(PurchaseProfiles.Find(parsed.GetValue(profile)!)! with { }, PurchaseProducerOptions.Section);
                PurchasesSetup.Require(new PurchaseProducerOptionsValidator().Validate(null, options));
                var source = RetailFile.Inspect(parsed.GetValue(file)!, cancellationToken);
                var producer = new PurchaseProducer(options, context.Time, setup.Logs.CreateLogger(PurchaseLogs.Producer));
                var result = await producer.RunAsync(source, parsed.GetValue(limit), cancellationToken);
                Say(context, result);
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    /// <summary>A flag for each setting; the last word after the file and the environment.</summary>
    private static Dictionary<Option<string?>, string> SettingFlags() => new()
    {
        [PurchasesCommand.Bootstrap()] = nameof(PurchaseProducerOptions.BootstrapServers),
        [PurchasesCommand.Topic()] = nameof(PurchaseProducerOptions.Topic),
        [Flag("--async", "true|false", "Send without awaiting each message.")] = nameof(PurchaseProducerOptions.IsAsynchronous),
        [Flag("--parse-workers", "N", "Blocks parsed at the same time; 0 reads row by row.")] = nameof(PurchaseProducerOptions.ParseWorkers),
        [Flag("--linger-ms", "MS", "How long a message may wait for others.")] = nameof(PurchaseProducerOptions.LingerMs),
        [Flag("--batch-bytes", "N", "Bytes of a batch at most.")] = nameof(PurchaseProducerOptions.BatchBytes),
        [Flag("--batch-messages", "N", "Messages of a batch at most.")] = nameof(PurchaseProducerOptions.BatchMessages),
        [Flag("--compression", "none|lz4|gzip|snappy|zstd", "Compression of batches.")] = nameof(PurchaseProducerOptions.Compression),
        [Flag("--buffer-kib", "N", "Messages waiting for acknowledgement at most.")] = nameof(PurchaseProducerOptions.BufferKib),
        [Flag("--in-flight", "N", "Requests on their way to a broker.")] = nameof(PurchaseProducerOptions.InFlightRequests),
        [Flag("--idempotent", "true|false", "Retries neither duplicate nor reorder.")] = nameof(PurchaseProducerOptions.IsIdempotent),
        [Flag("--delivery-timeout-ms", "MS", "When a message has failed.")] = nameof(PurchaseProducerOptions.DeliveryTimeoutMs),
    };

    private static Option<string?> Flag(string name, string value, string description) => new(name) { Description = description, HelpName = value };

    private static void Say(CommandContext context, PurchaseProduceResult result)
    {
        context.Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Acknowledged.Messages} purchases acknowledged in {result.Elapsed.TotalSeconds:0.00} s, {result.MessagesPerSecond:0} a second; "
            + $"content {ContentHash.Text(result.Acknowledged.ContentHash)}."));
        foreach (var line in PurchaseTallyText.Lines(result.Tally))
        {
            context.Console.WriteLine(line);
        }
    }
}
