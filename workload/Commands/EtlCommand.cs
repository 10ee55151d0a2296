using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Elasticsearch;
using Reco.Adapters.Elasticsearch.Http;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Feed;
using Reco.Workload.Etl;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary><c>reco etl</c>: products and daily orders from PostgreSQL to Elasticsearch.</summary>
internal static class EtlCommand
{
    public static Command Create(CommandContext context)
    {
        var postgres = new Option<string>("--postgres")
        {
            Description = "Connection string of PostgreSQL; by default ConnectionStrings__Postgres of the environment.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ConnectionStrings__Postgres") ?? "",
            HelpName = "STRING",
        };
        var elasticsearch = new Option<string>("--elasticsearch")
        {
            Description = "Address of Elasticsearch; by default Elasticsearch__Url of the environment, as are Username, Password, ApiKey and CaCertificatePath.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("Elasticsearch__Url") ?? "",
            HelpName = "URL",
        };
        var full = new Option<bool>("--full") { Description = "Build a new index and let it take over; searches go on on the old one until then." };
        var verify = new Option<bool>("--verify") { Description = "Compare database and index afterwards, product by product." };
        var batch = new Option<int>("--batch") { Description = "Products at a time.", DefaultValueFactory = _ => new EtlOptions().BatchProducts, HelpName = "N" };
        var command = new Command("etl", "Takes products and daily orders from PostgreSQL to Elasticsearch: what changed since the last time, or all. " + ExitCode.Help)
        {
            postgres, elasticsearch, full, verify, batch,
        };
        command.SetAction((parsed, cancellationToken) => context.RunAsync(
            () => RunAsync(
                context,
                ReadPostgres(parsed.GetValue(postgres)!),
                ReadElasticsearch(parsed.GetValue(elasticsearch)!),
                new EtlOptions { BatchProducts = parsed.GetValue(batch) },
                new Wanted(parsed.GetValue(full), parsed.GetValue(verify)),
                cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, PostgresOptions postgres, ElasticsearchOptions elasticsearch, EtlOptions options, Wanted wanted, CancellationToken cancellationToken)
    {
        await using var source = PostgresRegistration.CreateDataSource(postgres);
        using var client = new ElasticsearchClient(elasticsearch, context.Time, NullLogger<ElasticsearchClient>.Instance);
        var feed = new ShopFeed(source);
        var index = new ElasticsearchIndexBuilder(client, Options.Create(elasticsearch), context.Time);
        try
        {
            var etl = new ProductEtl(feed, index, options, context.Time, new ConsoleLogger(context.Error), progress =>
                Write($"{progress.Phase}: {progress.Written} products, {progress.PerSecond:0} a second"));
            var report = await etl.RunAsync(wanted.Full, cancellationToken);
            var days = await new OrdersEtl(feed, new ElasticsearchOrders(client, Options.Create(elasticsearch), context.Time))
                .RunAsync(wanted.Full, cancellationToken);
            Write($"{(report.IsFull ? "Built" : "Updated")} {report.Generation}: {report.Written} products written, {report.Removed} removed, {report.LeftOut} left out, {days} days of orders, in {report.Elapsed.TotalSeconds:0.0} s.");
            return wanted.Verify ? await VerifyAsync() : ExitCode.Done;
        }
        catch (ElasticsearchException fault)
        {
            return Fail(fault.Message, fault.IsTransient ? ExitCode.ServerUnavailable : ExitCode.ServerRefused);
        }
        catch (EtlException fault)
        {
            return Fail(fault.Message, ExitCode.ServerRefused);
        }
        catch (NpgsqlException fault)
        {
            return Fail(PostgresFaults.Describe(fault, postgres.ConnectionString), ExitCode.ServerUnavailable);
        }

        async Task<int> VerifyAsync()
        {
            var (database, inIndex) = await new EtlVerification(feed, index).RunAsync(cancellationToken);
            Write($"PostgreSQL: {database.Products} products, checksum {database.Sum:x16}. Elasticsearch: {inIndex.Products} products, checksum {inIndex.Sum:x16}.");
            return database == inIndex ? ExitCode.Done : Fail("They differ: run again, with --full if that does not help.", ExitCode.ServerRefused);
        }

        void Write(FormattableString text) => context.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

        int Fail(string message, int code)
        {
            context.Error.WriteLine(message);
            return code;
        }
    }

    private static PostgresOptions ReadPostgres(string connectionString)
    {
        var options = new PostgresOptions { ConnectionString = connectionString, ApplicationName = "reco-etl" };
        Require(new PostgresOptionsValidator().Validate(null, options));
        return options;
    }

    private static ElasticsearchOptions ReadElasticsearch(string url)
    {
        var options = new ElasticsearchOptions
        {
            Url = url,
            Username = Of(nameof(ElasticsearchOptions.Username)),
            Password = Of(nameof(ElasticsearchOptions.Password)),
            ApiKey = Of(nameof(ElasticsearchOptions.ApiKey)),
            CaCertificatePath = Of(nameof(ElasticsearchOptions.CaCertificatePath)),
        };
        Require(new ElasticsearchOptionsValidator().Validate(null, options));
        return options;

        static string Of(string name) => Environment.GetEnvironmentVariable($"{ElasticsearchOptions.Section}__{name}") ?? "";
    }

    private static void Require(ValidateOptionsResult result)
    {
        if (result.Failed)
        {
            throw new ArgumentFaultException(string.Join(Environment.NewLine, result.Failures));
        }
    }

    private sealed record Wanted(bool Full, bool Verify);

    /// <summary>The lines of a run on standard error, for who watches it.</summary>
    private sealed class ConsoleLogger(IAnsiConsole console) : ILogger<ProductEtl>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            console.WriteLine(formatter(state, exception));
    }
}
