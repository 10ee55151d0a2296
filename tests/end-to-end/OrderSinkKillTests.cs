using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Reco.GrainInterfaces;
using Reco.Testing;

namespace Reco.EndToEnd.Tests;

/// <summary>kill -9 of the system and of PostgreSQL in the middle of a replay: the orders are the purchases of the log all the same.</summary>
public sealed class OrderSinkKillTests
{
    private const int Rounds = 6;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private enum Victim
    {
        Postgres,
        Silo,
        Both,
    }

    /// <summary>
    /// One replay over one folder and one database. Six times, when some more orders are there, the system, PostgreSQL or both are killed and
    /// started again, and the replay goes on from its progress file. While PostgreSQL alone is dead the speed layer has to go on.
    /// </summary>
    [Fact]
    public async Task Kill_SiloAndPostgresDuringAReplay_OrdersAreThePurchasesOfTheLog()
    {
        await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 64 });
        var connection = await postgres.CreateDatabaseAsync("reco");
        await using var orders = await ShopOrders.CreateAsync(connection, Cancel);
        using var folder = new TempFolder();
        var file = folder.File("retail.csv");
        RetailCounts.Generate(file, rows: 50_000, seed: 17);
        var expected = RetailCounts.Of(file);
        await using var shop = new Shop(folder, file, connection);
        var random = new Random(5);
        var interrupted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await shop.StartAsync();
            var goal = (long)(expected.Purchases * (round + random.NextDouble()) / Rounds);
            await Deadline.Until(async () => await orders.CountAsync(Cancel) >= goal, $"{goal} orders", TimeSpan.FromMinutes(1));
            await KillAsync((Victim)(round % 3), shop, postgres, round);
            interrupted += await orders.CountAsync(Cancel) < expected.Purchases ? 1 : 0;
        }

        // A kill after the last order proves little.
        Assert.InRange(interrupted, Rounds - 1, Rounds);
        var address = await shop.FinishAsync();
        await Totals.AssertExactAsync(address, expected, Cancel);
        await OrdersCaughtUpAsync(address);
        Assert.Equal(0, await shop.TerminateAsync());

        var log = await LogPurchases.OfAsync(shop.Data, Cancel);
        var probes = log.ById.Values.Where(p => p.ProductId == Shop.ProbeProduct).ToList();
        Assert.Equal(expected.Purchases, log.ById.Count - probes.Count);
        Assert.Equal(2 * Rounds / 3, probes.Count);

        // Of two probes one has a total that the schema cannot hold.
        var refused = probes.Where(p => p.Revenue > 0).Select(p => p.EventId).ToHashSet();
        await orders.AssertAreAsync(log.ById.Where(p => !refused.Contains(p.Key)).ToDictionary(), Cancel);
        Assert.Equal(
            refused.Count, await orders.ScalarAsync("SELECT count(*) FROM dead_letters WHERE source = 'orders' AND reason LIKE '%22003%'", Cancel));
    }

    private static async Task KillAsync(Victim victim, Shop shop, PostgresServer postgres, int round)
    {
        switch (victim)
        {
            case Victim.Postgres:
                await postgres.KillAsync();
                await shop.AssertSpeedLayerGoesOnAsync(round);
                await postgres.RestartAsync();
                break;
            case Victim.Silo:
                await shop.KillAsync();
                break;
            default:
                await Task.WhenAll(shop.KillAsync(), postgres.KillAsync());
                shop.Launch();
                await postgres.RestartAsync();
                break;
        }
    }

    private static async Task OrdersCaughtUpAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        await Deadline.Until(
            async () => (await http.GetStringAsync("/health/ready", Cancel)).Contains("partitions, 0 records behind", StringComparison.Ordinal),
            "orders catch up with the log",
            TimeSpan.FromMinutes(1));
    }

    /// <summary>The system and the replay into it.</summary>
    private sealed class Shop(TempFolder folder, string file, string connection) : IAsyncDisposable
    {
        public const string ProbeProduct = "PROBE";

        private RecoProcess? _reco;
        private RecoProcess? _replay;
        private Uri? _address;

        public string Data { get; } = folder.File("data");

        /// <summary>Small batches and frequent commits, so that a kill finds every kind of half-done work.</summary>
        public void Launch() => _reco = RecoProcess.Up(
            Data,
            "--no-generator",
            "--set", "Ingest:CheckpointIntervalSeconds=0.2",
            "--set", "Catalogue:SeedProducts=0",
            "--set", $"ConnectionStrings:Postgres={connection}",
            "--set", "Orders:BatchRecordsMax=300",
            "--set", "Orders:CommitIntervalSeconds=0.2",
            "--set", "Orders:RetryDelaySecondsMax=0.5");

        /// <summary>Whatever of the two does not run.</summary>
        public async Task StartAsync()
        {
            if (_reco is null)
            {
                Launch();
            }

            _address = await _reco!.ReadyAsync();
            _replay ??= RecoProcess.Workload("replay", file, "--url", _address.ToString(), "--speed", "max", "--resume", folder.File("progress.json"));
        }

        /// <summary>Two purchases through the API become grain state: an ordinary one, and one that will be no order.</summary>
        public async Task AssertSpeedLayerGoesOnAsync(int round)
        {
            using var http = new HttpClient { BaseAddress = _address };
            var user = $"probe-{round}";
            var probe = new ShopEvent { EventId = $"{user}-a", UserId = user, ProductId = ProbeProduct, Type = EventType.Purchase, TimestampMs = 0 };
            var huge = probe with { EventId = $"{user}-b", Quantity = 1_000_000, UnitPrice = 1_000_000m };
            foreach (var purchase in new[] { probe, huge })
            {
                using var body = new ByteArrayContent(ShopEventJson.ToUtf8(purchase)) { Headers = { ContentType = new("application/json") } };
                using var answer = await http.PostAsync("/events", body, Cancel);
                Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
                Assert.Equal(1, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("accepted").GetInt32());
            }

            await Deadline.Until(
                async () => await Totals.PurchasesAsync(http, $"/user-stats/{user}", Cancel) == 2, "the speed layer goes on without PostgreSQL");
            var ready = await http.GetStringAsync("/health/ready", Cancel);
            Assert.Contains("orders wait", ready, StringComparison.Ordinal);
        }

        public async Task KillAsync()
        {
            await _reco!.KillAsync();
            await _replay!.KillAsync();
            (_reco, _replay) = (null, null);
        }

        /// <summary>Waits for the replay's end, and answers where the system is.</summary>
        public async Task<Uri> FinishAsync()
        {
            await StartAsync();
            Assert.True(await _replay!.ExitAsync("the rest of the replay", TimeSpan.FromMinutes(2)) == 0, _replay.Output);
            return _address!;
        }

        public Task<int> TerminateAsync() => _reco!.TerminateAsync();

        public async ValueTask DisposeAsync()
        {
            await (_replay?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (_reco?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
