using System.CommandLine;
using System.Globalization;
using Npgsql;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Seeding;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary><c>reco seed-database</c>: two years of invented orders, into PostgreSQL.</summary>
internal static class SeedDatabaseCommand
{
    /// <summary>As the system itself reads ConnectionStrings:Postgres from the environment.</summary>
    public const string ConnectionVariable = "ConnectionStrings__Postgres";

    public static Command Create(CommandContext context)
    {
        var defaults = new SeedingOptions();
        var connection = new Option<string?>("--connection")
        {
            Description = $"The database, such as 'Host=localhost;Username=reco;Database=reco'; by default what {ConnectionVariable} says.",
            HelpName = "STRING",
        };
        var orders = new Option<int>("--orders")
        {
            Description = "How many orders; about 2.5 times as many items.",
            DefaultValueFactory = _ => defaults.Orders,
            HelpName = "N",
        };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same orders.", DefaultValueFactory = _ => defaults.Seed, HelpName = "S" };
        var until = new Option<DateOnly>("--until")
        {
            Description = "The day after the last order; the first is two years before.",
            DefaultValueFactory = _ => defaults.Until,
            HelpName = "YYYY-MM-DD",
        };
        var eventMonths = new Option<int>("--event-months")
        {
            Description = "How many of the last months get user_events as well.",
            DefaultValueFactory = _ => defaults.EventMonths,
            HelpName = "N",
        };
        var append = new Option<bool>("--append") { Description = "Keep orders that were not made by seeding, beside the new ones." };
        var force = new Option<bool>("--force") { Description = "Delete all orders that are there." };
        var command = new Command(
            "seed-database",
            "Fills PostgreSQL with invented orders, in place of those of an earlier seeding. All or nothing: stopped in between, it leaves no trace. "
            + ExitCode.Help)
        {
            connection, orders, seed, until, eventMonths, append, force,
        };
        command.SetAction((parsed, cancellationToken) => context.RunAsync(
            () => RunAsync(
                context,
                parsed.GetValue(connection) ?? Environment.GetEnvironmentVariable(ConnectionVariable),
                new SeedingOptions
                {
                    Orders = parsed.GetValue(orders),
                    Seed = parsed.GetValue(seed),
                    Until = parsed.GetValue(until),
                    EventMonths = parsed.GetValue(eventMonths),
                    LiveOrders = (parsed.GetValue(append), parsed.GetValue(force)) switch
                    {
                        (true, true) => throw new ArgumentFaultException("--append keeps the orders that are there and --force deletes them: choose one."),
                        (true, _) => LiveOrders.Keep,
                        (_, true) => LiveOrders.Delete,
                        _ => LiveOrders.Refuse,
                    },
                },
                cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, string? connectionString, SeedingOptions options, CancellationToken cancellationToken)
    {
        var postgres = new PostgresOptions { ConnectionString = connectionString ?? "", ApplicationName = "reco seed-database" };
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new ArgumentFaultException($"Which database? Give --connection, or set {ConnectionVariable}.");
        }

        if (new PostgresOptionsValidator().Validate(null, postgres) is { Failed: true } invalid)
        {
            throw new ArgumentFaultException(string.Join(Environment.NewLine, invalid.Failures));
        }

        try
        {
            var startedAt = context.Time.GetTimestamp();
            await using var source = PostgresRegistration.CreateDataSource(postgres);
            var summary = await SeedDatabaseProgressView.ShowAsync(
                context.Console, context.Time, progress => new DatabaseSeeder(source, progress).SeedAsync(options, cancellationToken));
            context.Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Orders} orders with {summary.Items} items of {summary.Users} users and {summary.Products} products, and {summary.Events} events, in {context.Time.GetElapsedTime(startedAt).TotalSeconds:0.0} s; {summary.Replaced} orders were replaced."));
            return ExitCode.Done;
        }
        catch (SeedingException refused)
        {
            context.Error.WriteLine(refused.Message);
            return ExitCode.ServerRefused;
        }
        catch (PostgresException refused) when (!cancellationToken.IsCancellationRequested)
        {
            context.Error.WriteLine(PostgresFaults.Describe(refused, connectionString));
            return ExitCode.ServerRefused;
        }
        catch (Exception away) when (PostgresFaults.IsOfTheServer(away) && !cancellationToken.IsCancellationRequested)
        {
            context.Error.WriteLine(PostgresFaults.Describe(away, connectionString));
            return ExitCode.ServerUnavailable;
        }
    }
}
