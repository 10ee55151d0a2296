using System.CommandLine;

namespace Reco.Workload.Commands;

/// <summary><c>reco purchases</c>: a retail file's purchases to Kafka and back.</summary>
internal static class PurchasesCommand
{
    /// <summary>A profile sent something else than the naive reader reads.</summary>
    public const int ContentDiffers = 5;

    public const string Help = ExitCode.Help + " 5 the profiles did not send the same.";

    public static Command Create(CommandContext context) => new("purchases", "A retail file's purchases to Kafka and back. " + Help)
    {
        PurchasesProduceCommand.Create(context),
        PurchasesConsumeCommand.Create(context),
        PurchasesCompareCommand.Create(context),
    };

    public static Argument<string> FileArgument() => new("FILE")
    {
        Description = "CSV or csv.gz with the columns InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country.",
    };

    public static Option<string?> Bootstrap() => new("--bootstrap") { Description = "Kafka's brokers.", HelpName = "HOST:PORT,..." };

    public static Option<string?> Topic() => new("--topic") { Description = "The topic; by default purchase-events.", HelpName = "NAME" };

    public static Option<long?> Limit()
    {
        var limit = new Option<long?>("--limit") { Description = "Only the first N messages of the file.", HelpName = "N" };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() < 1)
            {
                result.AddError("--limit must be at least 1");
            }
        });
        return limit;
    }
}
