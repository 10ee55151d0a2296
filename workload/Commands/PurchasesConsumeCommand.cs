using System.CommandLine;
using System.Globalization;
using Reco.Workload.Purchases.Consuming;
using Reco.Workload.Purchases.Logging;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary><c>reco purchases consume</c>: adds purchases up, and passes them on to the recommender.</summary>
internal static class PurchasesConsumeCommand
{
    private const string ForwardTopic = "user-events-all";
    private const int TopMax = 5;

    public static Command Create(CommandContext context)
    {
        var bootstrap = PurchasesCommand.Bootstrap();
        var topic = PurchasesCommand.Topic();
        var group = new Option<string?>("--group") { Description = "The consumer group; by default purchases.", HelpName = "NAME" };
        var state = new Option<string?>("--state")
        {
            Description = "Folder of sums and offsets, shared by the group's members; by default data/purchases.",
            HelpName = "FOLDER",
        };
        var forward = new Option<bool>("--forward") { Description = $"Pass sales of known customers on to {ForwardTopic}." };
        var untilEnd = new Option<bool>("--until-end") { Description = "End once everything on the topic is consumed." };
        var config = PurchasesSetup.ConfigOption();
        var command = new Command("consume", "Adds purchases up by product, country and day. " + PurchasesCommand.Help)
        {
            bootstrap, topic, group, state, forward, untilEnd, config,
        };
        command.SetAction((parsed, cancellationToken) => context.RunPurchasesAsync(
            () =>
            {
                var section = PurchaseConsumerOptions.Section;
                using var setup = new PurchasesSetup(parsed.GetValue(config), PurchasesSetup.WithoutNulls(new()
                {
                    [$"{section}:{nameof(PurchaseConsumerOptions.BootstrapServers)}"] = parsed.GetValue(bootstrap),
                    [$"{section}:{nameof(PurchaseConsumerOptions.Topic)}"] = parsed.GetValue(topic),
                    [$"{section}:{nameof(PurchaseConsumerOptions.Group)}"] = parsed.GetValue(group),
                    [$"{section}:{nameof(PurchaseConsumerOptions.StateFolder)}"] = parsed.GetValue(state),
                    [$"{section}:{nameof(PurchaseConsumerOptions.ForwardTopic)}"] = parsed.GetValue(forward) ? ForwardTopic : null,
                    [$"{section}:{nameof(PurchaseConsumerOptions.StopsAtEnd)}"] = parsed.GetValue(untilEnd) ? "true" : null,
                }));
                var options = setup.Bind(new PurchaseConsumerOptions(), section);
                PurchasesSetup.Require(new PurchaseConsumerOptionsValidator().Validate(null, options));
                var consumer = new PurchaseConsumer(options, context.Time, setup.Logs.CreateLogger(PurchaseLogs.Consumer));
                Say(context.Console, consumer.Run(cancellationToken));
                return Task.FromResult(ExitCode.Done);
            },
            cancellationToken));
        return command;
    }

    private static void Say(IAnsiConsole console, PurchaseConsumeResult result)
    {
        var total = result.Total;
        Write($"{result.Consumed} purchases consumed in {result.Elapsed.TotalSeconds:0.0} s, {result.Partitions} partitions.");
        Write($"In all: {total.Messages} valid, {total.Invalid} invalid, {total.Forwarded} passed on.");
        Top("product", total.ByProduct);
        Top("country", total.ByCountry);
        Top("day", total.ByDay);

        void Top(string what, SortedDictionary<string, PurchaseSum> sums)
        {
            foreach (var (key, sum) in sums.OrderByDescending(s => s.Value.Revenue).Take(TopMax))
            {
                Write($"  {what,-8} {key,-20} revenue {sum.Revenue,14:0.00}, {sum.Sales} sold, {sum.Returns} returned, {sum.Quantity} pieces");
            }
        }

        void Write(FormattableString text) => console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
