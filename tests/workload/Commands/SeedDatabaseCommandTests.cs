using System.CommandLine;
using System.Globalization;
using Npgsql;
using Reco.Workload.Commands;

namespace Reco.Workload.Tests.Commands;

public sealed class SeedDatabaseCommandTests : IDisposable
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=reco;Password=sesame;Database=shop;Timeout=2";

    private readonly StringWriter _out = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Run_SmallSeeding_SaysItsPhasesAndWhatItMadeAndRefusesLiveOrders()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 32 });
        var database = await server.CreateDatabaseAsync("shop");

        Assert.Equal(0, await Run("--connection", database, "--orders", "500", "--seed", "3", "--until", "2025-07-01", "--event-months", "1"));
        Assert.Contains("orders: 500 of 500", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("vacuum and analyze", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("500 orders with ", _out.ToString(), StringComparison.Ordinal);

        await using var source = NpgsqlDataSource.Create(database);
        await using var live = source.CreateCommand(
            "UPDATE orders SET event_id = 'live' WHERE order_id = 1; SELECT max(created_at) < '2025-07-01' FROM orders");
        Assert.Equal(true, await live.ExecuteScalarAsync(TestContext.Current.CancellationToken));

        Assert.Equal(4, await Run("--connection", database, "--orders", "10"));
        Assert.Contains("--append keeps them", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await Run("--connection", database, "--orders", "10", "--append"));
        Assert.Equal(0, await Run("--connection", database, "--orders", "10", "--force"));
        Assert.Contains("11 orders were replaced", _out.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "Orders must be", "--orders", "0")]
    [InlineData(4, "Months of events", "--event-months", "25")]
    [InlineData(1, "choose one", "--append", "--force")]
    [InlineData(1, "", "--orders", "many")]
    [InlineData(1, "", "--seed", "-1")]
    [InlineData(1, "", "--until", "yesterday")]
    public async Task Run_WrongArguments_AreRefused(int code, string said, params string[] args)
    {
        Assert.Equal(code, await Run(["--connection", Nowhere, .. args]));
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Colour=sesame")]
    public async Task Run_ConnectionStringUnreadable_IsRefusedWithoutRepeatingIt(string connection)
    {
        Assert.Equal(1, await Run("--connection", connection));
        Assert.NotEqual("", _error.ToString());
        Assert.DoesNotContain("sesame", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ServerAway_SaysWhereAndAnswersServerUnavailable()
    {
        Assert.Equal(3, await Run("--connection", Nowhere, "--orders", "10"));
        Assert.Contains("PostgreSQL at 127.0.0.1:1/shop does not answer", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> Run(params string[] args) =>
        RecoCommand.Create(new CommandContext
        {
            Console = CommandContext.ConsoleOver(_out),
            Error = CommandContext.ConsoleOver(_error),
            Time = TimeProvider.System,
            Products = () => [],
        })
        .Parse(["seed-database", .. args])
        .InvokeAsync(new InvocationConfiguration { Output = _out, Error = _error }, TestContext.Current.CancellationToken);
}
