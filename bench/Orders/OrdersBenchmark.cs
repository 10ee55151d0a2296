using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Reco.Adapters.Embedded;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Schema;
using Reco.Bench.System;
using Reco.Core.Ports;
using Reco.Silo.Orders;
using Reco.Testing;

namespace Reco.Bench.Orders;

/// <summary>
/// Purchases in the log, and the time until each is an order in PostgreSQL, durably; then purchases at a given rate, and how far the orders
/// are behind. The whole system runs meanwhile, on the same cores as PostgreSQL: ingest takes the same events. Every order is compared.
/// </summary>
internal static class OrdersBenchmark
{
    public static Command Command()
    {
        var json = BenchOptions.Json();
        var purchases = BenchOptions.Count("--purchases", "Purchases in the log at the start.", 200_000, 1000);
        var rate = BenchOptions.Count("--rate", "Purchases per second afterwards.", 10_000, 1);
        var seconds = BenchOptions.Count("--seconds", "How long afterwards; 0 leaves it out.", 20, 0);
        var postgres = new Option<string?>("--postgres") { Description = "Connection string; without it a private PostgreSQL is started, fsync on.", HelpName = "CONNECTION" };
        var command = new Command("orders", "Purchases per second from the log to orders in PostgreSQL, whether each is exact, and whether orders keep up with a rate.")
        {
            purchases, rate, seconds, postgres, json,
        };
        command.SetAction((parsed, cancellationToken) => WithPostgresAsync(
            parsed.GetValue(postgres),
            connection => RunAsync(
                new Load(parsed.GetValue(purchases), parsed.GetValue(rate), parsed.GetValue(seconds)), connection, parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> WithPostgresAsync(string? given, Func<string, Task<int>> run)
    {
        if (given is not null)
        {
            return await run(given);
        }

        PostgresServer server;
        try
        {
            server = await PostgresServer.StartAsync(new PostgresServerOptions { Fsync = true });
        }
        catch (InvalidOperationException missing)
        {
            // The sentence is written for tests, with what skips them before it.
            await Console.Error.WriteLineAsync($"bench orders: {missing.Message[(missing.Message.LastIndexOf('$') + 1)..]}; or name one with --postgres");
            return 1;
        }

        await using (server)
        {
            return await run(await server.CreateDatabaseAsync("reco"));
        }
    }

    private static async Task<int> RunAsync(Load load, string connection, bool json, CancellationToken cancellationToken)
    {
        await using var source = PostgresRegistration.CreateDataSource(new PostgresOptions { ConnectionString = connection });
        await new SchemaMigrator(source).MigrateAsync(cancellationToken);
        var maker = new PurchaseMaker();
        var folder = Directory.CreateTempSubdirectory("reco-bench-");
        await FillAsync(folder, maker, load.Purchases, cancellationToken);
        await using var host = BenchHost.Create(
            new Dictionary<string, string?> { ["Generator:Enabled"] = "false", ["ConnectionStrings:Postgres"] = connection }, folder);
        var seconds = await DrainAsync(host, load.Purchases, cancellationToken);
        var live = load.Seconds == 0 ? null : await LiveOrders.MeasureAsync(host, maker, load.Rate, load.Seconds, cancellationToken);
        var wrong = await OrderComparison.CompareAsync(source, maker, cancellationToken);
        BenchReport.Print(
            new
            {
                PurchasesPerSecond = Math.Round(load.Purchases / seconds),
                Exact = wrong.Count == 0,
                load.Purchases,
                Seconds = Math.Round(seconds, 3),
                LiveRate = load.Rate,
                LiveSeconds = live?.Seconds,
                LiveKeepsUp = live?.KeepsUp,
                LiveLagMedian = live?.LagMedian,
                LiveLagMax = live?.LagMax,
                Postgres = await ShowAsync(source, "server_version"),
                Fsync = await ShowAsync(source, "fsync"),
                SynchronousCommit = await ShowAsync(source, "synchronous_commit"),
                Wrong = wrong.Take(5),
            },
            json);
        return wrong.Count == 0 && live?.KeepsUp != false ? 0 : 1;
    }

    private static async Task FillAsync(DirectoryInfo folder, PurchaseMaker maker, int purchases, CancellationToken cancellationToken)
    {
        await using var storage = EmbeddedStorage.Open(
            new EmbeddedOptions { DataFolder = folder.FullName }, TimeProvider.System, NullLoggerFactory.Instance);
        await maker.AppendAsync(storage.EventLog, purchases, cancellationToken);
    }

    /// <summary>Starts the system and waits until every purchase in the log is an order; answers the seconds.</summary>
    private static async Task<double> DrainAsync(BenchHost host, int purchases, CancellationToken cancellationToken)
    {
        var metrics = host.App.Services.GetRequiredService<OrderMetrics>();
        var sink = host.App.Services.GetRequiredService<OrderSink>();
        var clock = Stopwatch.StartNew();
        await host.App.StartAsync(cancellationToken);
        while (metrics.PurchasesDone < purchases)
        {
            if (sink.Failures.Count > 0)
            {
                throw new OrderStoreException(sink.Failures.First().Value);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
        }

        return clock.Elapsed.TotalSeconds;
    }

    private static async Task<string> ShowAsync(NpgsqlDataSource source, string setting)
    {
        await using var command = source.CreateCommand("SELECT current_setting($1)");
        command.Parameters.Add(new() { Value = setting });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private sealed record Load(int Purchases, int Rate, int Seconds);
}
