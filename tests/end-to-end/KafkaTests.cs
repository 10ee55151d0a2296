using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Reco.Testing;
using Reco.Workload.Testing;

namespace Reco.EndToEnd.Tests;

/// <summary>
/// The system on Kafka's protocol, spoken by a test broker of its own process (librdkafka's mock cluster): kill -9, no broker at the start, and a
/// broker that goes away.
/// </summary>
public sealed class KafkaTests
{
    private const int Rounds = 3;
    private const int Partitions = 8;
    private const int EventBytes = 220;
    private const int Posts = 12;
    private const int PurchasesOfAPost = 50;
    private const long MockPartitionBytesMax = 5 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_DuringAReplayIntoKafka_LosesNothingAndCountsNothingTwice()
    {
        using var folder = new TempFolder();
        var file = folder.File("retail.csv");
        RetailCounts.Generate(file, rows: 40_000, seed: 11);
        var expected = RetailCounts.Of(file);
        Assert.InRange((long)expected.Purchases * EventBytes * 2 / Partitions, 1, MockPartitionBytesMax);
        var random = new Random(3);
        for (var round = 0; round < Rounds; round++)
        {
            await using var broker = await StartBrokerAsync();
            var data = folder.File($"data-{round}");
            var progress = folder.File($"progress-{round}.json");
            await using (var reco = Up(data, broker.BootstrapServers))
            {
                var address = await reco.ReadyAsync();
                await using var replay = Replay(file, address, progress);
                var (customer, all) = expected.ByCustomer.MaxBy(c => c.Value);
                var some = random.NextInt64(1, all);
                using var http = new HttpClient { BaseAddress = address };
                await Deadline.Until(
                    async () => replay.HasExited || await Totals.PurchasesAsync(http, $"/user-stats/{customer}", Cancel) >= some,
                    $"{some} of {all} purchases of {customer} are in the grain",
                    TimeSpan.FromMinutes(1));
                await reco.KillAsync();
                if (!replay.HasExited)
                {
                    await replay.KillAsync();
                }
            }

            await using var again = Up(data, broker.BootstrapServers);
            var newAddress = await again.ReadyAsync();
            await using var rest = Replay(file, newAddress, progress);
            Assert.True(await rest.ExitAsync("the rest of the replay", TimeSpan.FromMinutes(2)) == 0, rest.Output);
            await Totals.AssertExactAsync(newAddress, expected, Cancel);
        }
    }

    [Fact]
    public async Task Up_NoBroker_AnswersAndSaysWhatIsWrong()
    {
        using var folder = new TempFolder();
        var port = LoopbackPort.Free();
        await using var reco = RecoProcess.UpOn(port, folder.File("data"), "--no-generator", "--set", "Kafka:BootstrapServers=127.0.0.1:1");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Deadline.Until(() => IsLiveAsync(http), "the gateway answers");

        using var ready = await http.GetAsync("/health/ready", Cancel);
        using var live = await http.GetAsync("/health/live", Cancel);
        using var search = await http.GetAsync("/search?q=phone", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("127.0.0.1:1", await ready.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.True(live.IsSuccessStatusCode);
        Assert.True(search.IsSuccessStatusCode);
    }

    [Fact]
    public async Task PostEvents_BrokerIsAwayAndTheBufferFull_AsksToComeBackAndLosesNothingThatItTook()
    {
        using var folder = new TempFolder();
        await using var broker = await StartBrokerAsync();
        await using var reco = Up(
            folder.File("data"), broker.BootstrapServers, "--set", "Kafka:QueueBytes=65536", "--set", "Kafka:MaxRecordBytes=20000", "--set", "Kafka:DeliveryTimeoutSeconds=60");
        using var http = new HttpClient { BaseAddress = await reco.ReadyAsync() };
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(http, "first", 1)).StatusCode);
        await broker.DownAsync();

        // Answered when they are durable, so most of these wait with their events in the buffer; the one that finds it full is answered at once.
        var posts = Enumerable.Range(0, Posts).Select(post => PostAsync(http, $"p{post}", PurchasesOfAPost)).ToList();
        var refused = await await Task.WhenAny(posts).Within("one finds the buffer full");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);

        await broker.UpAsync();
        var answers = await Task.WhenAll(posts).Within("the brokers are back", TimeSpan.FromMinutes(1));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Accepted);

        // The refused ones are sent again, as the answer says. Whatever of them was taken before counts once.
        for (var post = 0; post < Posts; post++)
        {
            if (answers[post].StatusCode != HttpStatusCode.Accepted)
            {
                using var again = await PostAsync(http, $"p{post}", PurchasesOfAPost);
                Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
            }

            answers[post].Dispose();
        }

        const long Sent = 1 + (Posts * PurchasesOfAPost);
        await Deadline.Until(async () => await Totals.PurchasesAsync(http, "/user-stats/buyer", Cancel) == Sent, $"all {Sent} purchases are counted");
    }

    private static Task<TestBroker> StartBrokerAsync() =>
        TestBroker.StartAsync([("user-events-all", Partitions), ("user-events-dlq", 1)], cancellationToken: Cancel);

    /// <summary>A static member: the process that comes after a kill takes its place at once.</summary>
    private static RecoProcess Up(string data, string bootstrap, params string[] more) => RecoProcess.Up(
        data,
        [
            "--no-generator",
            "--set", "Catalogue:SeedProducts=0",
            "--set", "Ingest:CheckpointIntervalSeconds=0.2",
            "--set", $"Kafka:BootstrapServers={bootstrap}",
            "--set", "Kafka:CreateTopics=false",
            "--set", "Kafka:GroupInstanceId=only",
            "--set", "Kafka:SessionTimeoutSeconds=6",
            "--set", "Kafka:EndOffsetIntervalSeconds=0.1",
            .. more,
        ]);

    /// <summary>One request with so many purchases of one user.</summary>
    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string prefix, int events) => http.PostAsJsonAsync(
        "/events",
        Enumerable.Range(0, events).Select(e => new
        {
            event_id = $"{prefix}-{e}",
            user_id = "buyer",
            product_id = "thing",
            event_type = "purchase",
            timestamp = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
            session_id = new string('s', 120),
            quantity = 1,
            unit_price = 2.5m,
        }),
        Cancel);

    private static RecoProcess Replay(string file, Uri address, string progress) =>
        RecoProcess.Workload("replay", file, "--url", address.ToString(), "--speed", "max", "--resume", progress);

    private static async Task<bool> IsLiveAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health/live", Cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }
}
