using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.GrainInterfaces;
using Reco.Workload.Purchases.Comparing;
using Reco.Workload.Purchases.Consuming;
using Reco.Workload.Purchases.Messages;
using Reco.Workload.Purchases.Parsing;
using Reco.Workload.Purchases.Producing;
using Reco.Workload.Retail;
using Reco.Workload.Testing;
using Reco.Workload.Tests.Support;

namespace Reco.Workload.Tests.Purchases;

/// <summary>On a test broker (librdkafka's mock cluster in its own process, not Kafka); topics stay far below its 5 MiB a partition.</summary>
public sealed class PurchaseBrokerTests : IDisposable
{
    private const string Topic = "purchase-events";
    private const int Rows = 4_000;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_EveryProfile_SendsTheSameContent()
    {
        await using var broker = await StartAsync(Topic);
        var file = RetailCsv.Inspect(RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(Rows, seed: 11)));
        var expected = await PurchaseFiles.ReadAll(new RowPurchaseSource(file));
        var comparison = new PurchaseComparison(
            new ComparisonOptions { BootstrapServers = broker.BootstrapServers, Topic = Topic, SampleMessages = 20, Repeats = 1 },
            TimeProvider.System, NullLogger.Instance);

        var result = await comparison.RunAsync(file, _ => { }, TestContext.Current.CancellationToken);

        Assert.True(result.IsContentRight);
        Assert.Single(result.Runs.Select(run => run.ContentHash).Distinct());
        Assert.Equal(expected.Count, result.Runs.Single(run => run.Name == PurchaseProfiles.OptimizedName).Messages);
        Assert.Equal(2 + 1 + (2 * PurchaseProfiles.Optimisations.Count), result.Runs.Count);
    }

    [Theory]
    [InlineData(PurchaseProfiles.BaselineWithoutLingerName)]
    [InlineData(PurchaseProfiles.OptimizedName)]
    public async Task Run_Profile_TheTopicHoldsExactlyTheFile(string profile)
    {
        await using var broker = await StartAsync(Topic);
        var file = RetailCsv.Inspect(RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(Rows, seed: 12)));
        var expected = await PurchaseFiles.ReadAll(new RowPurchaseSource(file));

        var sent = await ProduceAsync(broker, file, profile);
        var held = ReadTopic(broker, Topic);

        Assert.Equal(expected.Count, held.Count);
        Assert.Equal(sent.Acknowledged.ContentHash, held.Aggregate(0UL, (sum, m) => sum + ContentHash.Of(m.Key, m.Value)));
        Assert.Equal(sent.Acknowledged.ContentHash, expected.Aggregate(0UL, (sum, m) => sum + m.Tag));
        Assert.Equal(expected.Count, sent.Acknowledged.Messages);
    }

    [Fact]
    public async Task Run_BrokerAnswersWithErrors_NothingIsLostOrSentTwice()
    {
        await using var broker = await StartAsync(Topic);
        await broker.PushErrorsAsync("Produce", "NOT_LEADER_FOR_PARTITION", 3);
        await broker.PushErrorsAsync("Produce", "REQUEST_TIMED_OUT", 3);
        var file = RetailCsv.Inspect(RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(Rows, seed: 13)));

        // One in flight: unlike a broker, the test broker takes batches that come after one that it refused, which makes the client report that one as stored.
        var sent = await ProduceAsync(broker, file, PurchaseProfiles.OptimizedName, options => options with { InFlightRequests = 1 });

        var expected = await PurchaseFiles.ReadAll(new RowPurchaseSource(file));
        Assert.Equal(expected.Aggregate(0UL, (sum, m) => sum + m.Tag), sent.Acknowledged.ContentHash);
        Assert.Equal(expected.Count, ReadTopic(broker, Topic).Select(m => System.Text.Encoding.UTF8.GetString(m.Value)).Distinct().Count());
    }

    [Fact]
    public async Task Run_NoBroker_SaysWhatToDo()
    {
        var options = PurchaseProfiles.Optimized with { BootstrapServers = "127.0.0.1:1" };
        var file = RetailCsv.Inspect(RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(10, seed: 1)));
        var fault = await Assert.ThrowsAsync<PurchaseDeliveryException>(
            () => new PurchaseProducer(options, TimeProvider.System, NullLogger.Instance).RunAsync(file, null, TestContext.Current.CancellationToken));
        Assert.Contains("--bootstrap", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consume_KilledAndStartedAgain_CountsEachMessageOnce()
    {
        await using var broker = await StartAsync(Topic, "user-events-all");
        var file = RetailCsv.Inspect(RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(Rows, seed: 14)));
        var source = new RowPurchaseSource(file);
        var expected = source.Read().ToArray();
        await ProduceAsync(broker, file, PurchaseProfiles.OptimizedName);
        var state = _folder.File("state");

        // Saved every 100 messages, so that the kill comes between two saves.
        for (var kill = 0; kill < 2; kill++)
        {
            using var consumer = Start(broker, state);
            await Deadline.Until(
                () => Saved(state) > kill * Rows / 4, "the consumer saves its state", TimeSpan.FromMinutes(1));
            consumer.Kill();
            await consumer.WaitForExitAsync(TestContext.Current.CancellationToken).Within("the consumer is killed");
        }

        var result = await Task.Run(() => new PurchaseConsumer(Options(broker, state), TimeProvider.System, NullLogger.Instance)
            .Run(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken).Within("consuming the rest", TimeSpan.FromMinutes(1));

        Assert.Equal(expected.Length, result.Total.Messages);
        Assert.Equal(expected.Sum(p => p.LineTotal), result.Total.ByCountry.Values.Sum(s => s.Revenue));
        Assert.Equal(expected.GroupBy(p => p.StockCode).ToDictionary(g => g.Key, g => g.Sum(p => (long)p.Quantity)), result.Total.ByProduct.ToDictionary(s => s.Key, s => s.Value.Quantity));
        Assert.Equal(expected.Count(p => p.IsReturn), result.Total.ByDay.Values.Sum(s => s.Returns));
        AssertForwarded(broker, expected);
    }

    private static void AssertForwarded(TestBroker broker, Purchase[] expected)
    {
        var wanted = expected.Where(p => p is { IsReturn: false, CustomerId: not null }).Select(p => p.EventId).Order(StringComparer.Ordinal);
        var events = ReadTopic(broker, "user-events-all").Select(m =>
        {
            Assert.True(ShopEventJson.TryRead(m.Value, long.MaxValue / 2, null, out var shopEvent, out var fault), fault?.ToString());
            return shopEvent!;
        }).ToArray();
        Assert.Equal(wanted, events.Select(e => e.EventId).Distinct().Order(StringComparer.Ordinal));
        Assert.All(events, e => Assert.Equal(EventType.Purchase, e.Type));
    }

    private static PurchaseConsumerOptions Options(TestBroker broker, string state) => new()
    {
        BootstrapServers = broker.BootstrapServers,
        StateFolder = state,
        SaveEveryMessages = 100,
        SessionTimeoutMs = 3_000,
        ForwardTopic = "user-events-all",
        StopsAtEnd = true,
    };

    private static long Saved(string state)
    {
        var options = new PurchaseConsumerOptions { StateFolder = state };
        return Enumerable.Range(0, 3).Sum(partition => PartitionStateFiles.Of(options).Load(partition).Messages);
    }

    private static Process Start(TestBroker broker, string state)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = false };
        string[] arguments =
        [
            typeof(PurchaseConsumer).Assembly.Location, "purchases", "consume", "--bootstrap", broker.BootstrapServers, "--state", state, "--forward",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["RECO_Purchases__Consumer__SaveEveryMessages"] = "100";
        start.Environment["RECO_Purchases__Consumer__SessionTimeoutMs"] = "3000";
        start.Environment["RECO_Logging__LogLevel__Default"] = "Warning";
        return Process.Start(start)!;
    }

    private static Task<PurchaseProduceResult> ProduceAsync(
        TestBroker broker, RetailFile file, string profile, Func<PurchaseProducerOptions, PurchaseProducerOptions>? change = null)
    {
        var options = PurchaseProfiles.Find(profile)! with { BootstrapServers = broker.BootstrapServers };
        return new PurchaseProducer(change?.Invoke(options) ?? options, TimeProvider.System, NullLogger.Instance)
            .RunAsync(file, null, TestContext.Current.CancellationToken);
    }

    private static Task<TestBroker> StartAsync(params string[] topics) =>
        TestBroker.StartAsync([.. topics.Select(t => (t, 3))], cancellationToken: TestContext.Current.CancellationToken);

    private static List<(byte[] Key, byte[] Value)> ReadTopic(TestBroker broker, string topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = string.Create(CultureInfo.InvariantCulture, $"reader-{topic}"),
            EnablePartitionEof = true,
            EnableAutoCommit = false,
        }).Build();
        consumer.Assign(Enumerable.Range(0, 3).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        var messages = new List<(byte[], byte[])>();
        for (var ends = 0; ends < 3;)
        {
            var result = consumer.Consume(Deadline.Default) ?? throw new TimeoutException($"{topic} cannot be read to its end");
            ends += result.IsPartitionEOF ? 1 : 0;
            if (!result.IsPartitionEOF)
            {
                messages.Add((result.Message.Key, result.Message.Value));
            }
        }

        return messages;
    }
}
