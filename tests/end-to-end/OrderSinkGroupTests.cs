using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Kafka;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Testing;
using Reco.Workload.Testing;

namespace Reco.EndToEnd.Tests;

/// <summary>
/// Three systems in one group, on Kafka's protocol (librdkafka's mock cluster in a process of its own, 5 MiB a partition), and one database.
/// Grain state is each process's own here; what they share are the partitions and the orders.
/// </summary>
public sealed class OrderSinkGroupTests
{
    private const int Partitions = 8;
    private const int Purchases = 30_000;
    private const int BatchEvents = 500;
    private const int EventBytes = 220;
    private const long MockPartitionBytesMax = 5 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_OneOfThreeSilosInAGroup_OrdersAreThePurchasesOfTheLog()
    {
        Assert.InRange((long)Purchases * EventBytes * 2 / Partitions, 1, MockPartitionBytesMax);
        await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 64 });
        var connection = await postgres.CreateDatabaseAsync("reco");
        await using var orders = await ShopOrders.CreateAsync(connection, Cancel);
        await using var broker = await TestBroker.StartAsync([("user-events-all", Partitions), ("user-events-dlq", 1)], cancellationToken: Cancel);
        using var folder = new TempFolder();
        await using var first = Up(folder.File("data-1"), broker.BootstrapServers, connection);
        await using var second = Up(folder.File("data-2"), broker.BootstrapServers, connection);
        await using var third = Up(folder.File("data-3"), broker.BootstrapServers, connection);
        RecoProcess[] all = [first, second, third];
        await SharedByAsync(all);

        var sent = new Dictionary<string, ShopEvent>();
        await ProduceAsync(broker, sent, async () =>
        {
            await Deadline.Until(async () => await orders.CountAsync(Cancel) > Purchases / 10, "a tenth of the orders", TimeSpan.FromMinutes(1));
            await second.KillAsync();
        });
        Assert.Equal(Purchases, sent.Count);
        await Deadline.Until(async () => await orders.CountAsync(Cancel) >= Purchases, "all orders", TimeSpan.FromMinutes(1));
        await SharedByAsync([first, third]);
        await orders.AssertAreAsync(sent, Cancel);

        // An orderly goodbye gives the partitions up, committed: what is left reads nothing twice, and orders stay as they are.
        Assert.True(await first.TerminateAsync() == 0, first.Output);
        await SharedByAsync([third]);
        await orders.AssertAreAsync(sent, Cancel);
    }

    /// <summary>Waits until these, and no others, own all partitions of the group of orders, each at least one.</summary>
    private static async Task SharedByAsync(RecoProcess[] silos)
    {
        foreach (var silo in silos)
        {
            await silo.ReadyAsync();
        }

        await Deadline.Until(
            async () =>
            {
                var owned = await Task.WhenAll(silos.Select(OwnedAsync));
                return owned.Sum() == Partitions && owned.All(partitions => partitions > 0);
            },
            $"{silos.Length} silos share the partitions",
            TimeSpan.FromMinutes(1));
    }

    private static async Task<int> OwnedAsync(RecoProcess silo)
    {
        using var http = new HttpClient { BaseAddress = await silo.ReadyAsync() };
        using var answer = await http.GetAsync("/health/ready", Cancel);
        using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        var detail = health.RootElement.GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("name").GetString() == "orders").GetProperty("detail").GetString()!;
        return detail.Contains(" partitions, ", StringComparison.Ordinal) ? int.Parse(detail.Split(' ')[0], CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Sends the purchases, one batch in ten twice, and does something when a third of them is sent.</summary>
    private static async Task ProduceAsync(TestBroker broker, Dictionary<string, ShopEvent> sent, Func<Task> afterAThird)
    {
        using var metrics = new KafkaMetrics(null);
        await using var log = new KafkaEventLog(
            new KafkaOptions { BootstrapServers = broker.BootstrapServers, Partitions = Partitions, CreateTopics = false },
            metrics,
            TimeProvider.System,
            NullLogger.Instance);
        var random = new Random(9);
        for (var batch = 0; batch * BatchEvents < Purchases; batch++)
        {
            var events = Enumerable.Range(batch * BatchEvents, BatchEvents).Select(i => Purchase(i, random)).ToList();
            events.ForEach(e => sent.Add(e.EventId, e));
            LogAppend[] records = [.. events.Select(e => new LogAppend(e.UserId, ShopEventJson.ToUtf8(e)))];
            await log.AppendAsync(records, Cancel);
            if (batch % 10 == 0)
            {
                await log.AppendAsync(records, Cancel);
            }

            if (batch == Purchases / BatchEvents / 3)
            {
                await afterAThird();
            }
        }
    }

    private static ShopEvent Purchase(int number, Random random) => new()
    {
        EventId = string.Create(CultureInfo.InvariantCulture, $"group-{number}"),
        UserId = string.Create(CultureInfo.InvariantCulture, $"user-{random.Next(500)}"),
        ProductId = string.Create(CultureInfo.InvariantCulture, $"product-{random.Next(200)}"),
        Type = EventType.Purchase,
        Quantity = random.Next(1, 10),
        UnitPrice = random.Next(1, 10_000) / 100m,
        TimestampMs = 1_700_000_000_000 + number,
    };

    private static RecoProcess Up(string data, string bootstrap, string connection) => RecoProcess.Up(
        data,
        "--no-generator",
        "--set", "Catalogue:SeedProducts=0",
        "--set", "Ingest:CheckpointIntervalSeconds=0.5",
        "--set", $"ConnectionStrings:Postgres={connection}",
        "--set", "Orders:BatchRecordsMax=200",
        "--set", "Orders:CommitIntervalSeconds=0.5",
        "--set", $"Kafka:BootstrapServers={bootstrap}",
        "--set", "Kafka:CreateTopics=false",
        "--set", "Kafka:SessionTimeoutSeconds=6",
        "--set", "Kafka:EndOffsetIntervalSeconds=0.1");
}
