using System.CommandLine;
using Reco.Workload.Replay;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary><c>reco replay</c>: a retail file's purchases, to a running system.</summary>
internal static class ReplayCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "CSV or csv.gz with the columns "
                + " InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country.",
        };
        var url = OptionParsers.Url();
        var speed = new Option<double>("--speed")
        {
            Description = "max: as fast as the server takes it. 3600x: an hour of the file in a second.",
            CustomParser = OptionParsers.Speed,
            DefaultValueFactory = _ => double.PositiveInfinity,
            HelpName = "max|Nx",
        };
        var resume = new Option<string?>("--resume")
        {
            Description = "Keeps in this file what was acknowledged, and goes on from there when it exists.",
            HelpName = "PROGRESS_FILE",
        };
        var limit = new Option<long?>("--limit") { Description = "Only the first N purchases of the file.", HelpName = "N" };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() < 1)
            {
                result.AddError("--limit must be at least 1");
            }
        });
        var command = new Command("replay", "Sends a retail file: its products, then each clean purchase as an event. " + ExitCode.Help)
        {
            file, url, speed, resume, limit,
        };
        command.SetAction((parsed, cancellationToken) => context.RunAsync(
            () => ReplayAsync(
                context,
                new ReplayOptions
                {
                    Path = parsed.GetValue(file)!,
                    Speed = parsed.GetValue(speed) is var factor && double.IsFinite(factor) ? factor : null,
                    Limit = parsed.GetValue(limit),
                },
                parsed.GetValue(url)!,
                parsed.GetValue(resume),
                cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> ReplayAsync(
        CommandContext context, ReplayOptions options, Uri url, string? resume, CancellationToken cancellationToken)
    {
        using var http = context.CreateHttp();
        var store = resume is null ? null : new ReplayProgressFile(resume);
        var summary = await ReplayProgressView.ShowAsync(
            context.Console,
            context.Time,
            observer => new Replayer(options, context.CreateApi(http, url), store, context.Time, observer)
                .RunAsync(cancellationToken));
        foreach (var line in ReplaySummaryText.Lines(summary))
        {
            context.Console.WriteLine(line);
        }

        return ExitCode.Done;
    }
}
