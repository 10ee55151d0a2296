using Microsoft.AspNetCore.Http;
using Reco.GrainInterfaces;
using Reco.Workload.Http;
using Reco.Workload.Replay;
using Reco.Workload.Retail;
using Reco.Workload.Tests.Support;

namespace Reco.Workload.Tests.Replay;

public sealed class ReplayerTests : IDisposable
{
    private static readonly RetryOptions Quick = new() { FirstDelayMs = 1, DelayMsMax = 5, GiveUpAfter = TimeSpan.FromSeconds(20) };

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_WholeFile_SendsEveryPurchaseOnceInOrderAndItsProducts()
    {
        await using var server = await StubServer.StartAsync();
        var (path, expected) = WriteFile(rows: 12_000, seed: 1);

        var summary = await Replay(server, path).RunAsync(TestContext.Current.CancellationToken);

        AssertExactlyOnceInOrder(expected, server.Events);
        Assert.Equal(expected.Count, server.Events.Count);
        Assert.False(server.SawUserTwiceInFlight);
        Assert.All(server.Batches, events => Assert.InRange(events, 1, 1_000));
        Assert.Equal(expected.Select(e => e.ProductId).Distinct().Order(StringComparer.Ordinal), server.Products.Select(p => p.GetProperty("id").GetString()));
        Assert.Equal((expected.Count, 0, expected.Count), (summary.Progress.Accepted, summary.Progress.Rejected, summary.SentHere));
        Assert.Equal(12_000, summary.Tally.Rows);
        Assert.Equal(12_000, summary.Progress.Rows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task RunAsync_KilledAgainAndAgain_ResumesWithoutLossAndResendsLittle(int seed)
    {
        await using var server = await StubServer.StartAsync();
        var (path, expected) = WriteFile(rows: 15_000, seed);
        var random = new Random(seed);
        var store = new MortalStore(new ReplayProgressFile(_folder.File("progress.json")));
        var runs = 0;
        while (true)
        {
            // Killed some requests after the start, before or after the server wrote the batch; what was in memory only is forgotten.
            using var killed = new CancellationTokenSource();
            var at = server.Posts + random.Next(3, 14);
            var before = random.Next(2) == 0;
            async Task KillAsync(int number)
            {
                if (number == at)
                {
                    store.IsDead = true;
                    await killed.CancelAsync();
                }
            }

            server.BeforePost = async (number, _) =>
            {
                await (before ? KillAsync(number) : Task.CompletedTask);
                return null;
            };
            server.AfterPost = (number, _) => before ? Task.CompletedTask : KillAsync(number);
            store.IsDead = false;
            runs++;
            Assert.True(runs < 200, "the replay does not get on");
            try
            {
                var summary = await Replay(server, path, store, saveEvery: 1_500).RunAsync(killed.Token).Within("a run");
                Assert.Equal(15_000, summary.Progress.Rows);
                Assert.Equal(expected.Count, summary.Progress.Accepted);
                break;
            }
            catch (OperationCanceledException) when (killed.IsCancellationRequested)
            {
                // As meant; the next run takes over.
            }
        }

        Assert.True(runs > 1);
        AssertExactlyOnceInOrder(expected, server.Events);
        // Each death costs at most what was not saved and two windows of four requests.
        var resent = server.Events.Count - expected.Count;
        Assert.InRange(resent, 0, (runs - 1) * (1_500 + (2 * 4 * 1_000)));
    }

    [Fact]
    public async Task RunAsync_Interrupted_SavesWhatWasAcknowledged()
    {
        await using var server = await StubServer.StartAsync();
        var (path, expected) = WriteFile(rows: 12_000, seed: 9);
        var store = new ReplayProgressFile(_folder.File("progress.json"));
        using var interrupt = new CancellationTokenSource();
        server.BeforePost = async (number, _) =>
        {
            await (number == 9 ? interrupt.CancelAsync() : Task.CompletedTask);
            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Replay(server, path, store).RunAsync(interrupt.Token));
        var saved = store.Load()!;
        Assert.InRange(saved.Accepted, 1, server.Events.Count);
        Assert.Equal(expected.Count(e => RowOf(e) <= saved.Rows), saved.Accepted);

        server.BeforePost = (_, _) => Task.FromResult<IResult?>(null);
        await Replay(server, path, store).RunAsync(TestContext.Current.CancellationToken);
        AssertExactlyOnceInOrder(expected, server.Events);
    }

    [Fact]
    public async Task RunAsync_FinishedBefore_SendsNoEventAgain()
    {
        await using var server = await StubServer.StartAsync();
        var (path, expected) = WriteFile(rows: 500, seed: 2);
        var store = new ReplayProgressFile(_folder.File("progress.json"));
        await Replay(server, path, store).RunAsync(TestContext.Current.CancellationToken);

        var again = await Replay(server, path, store).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, expected.Count), (again.SentHere, server.Events.Count));
    }

    [Fact]
    public async Task RunAsync_ProgressOfAnotherFile_IsRefusedBeforeAnythingIsSent()
    {
        await using var server = await StubServer.StartAsync();
        var store = new ReplayProgressFile(_folder.File("progress.json"));
        await Replay(server, WriteFile(100, seed: 3).Path, store).RunAsync(TestContext.Current.CancellationToken);
        var posts = server.Posts;

        await Assert.ThrowsAsync<ReplayProgressException>(
            () => Replay(server, WriteFile(100, seed: 4).Path, store).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(posts, server.Posts);
    }

    [Fact]
    public async Task RunAsync_ServerGoneForGood_GivesUpAndKeepsProgress()
    {
        await using var server = await StubServer.StartAsync();
        var (path, expected) = WriteFile(rows: 12_000, seed: 5);
        var store = new ReplayProgressFile(_folder.File("progress.json"));
        server.BeforePost = (number, _) => Task.FromResult(number > 8 ? Results.StatusCode(503) : null);

        await Assert.ThrowsAsync<ApiUnavailableException>(
            () => Replay(server, path, store, retry: Quick with { GiveUpAfter = TimeSpan.FromMilliseconds(50) })
                .RunAsync(TestContext.Current.CancellationToken));

        Assert.InRange(store.Load()!.Accepted, 1, expected.Count - 1);
        server.BeforePost = (_, _) => Task.FromResult<IResult?>(null);
        await Replay(server, path, store).RunAsync(TestContext.Current.CancellationToken);
        AssertExactlyOnceInOrder(expected, server.Events);
    }

    [Fact]
    public async Task RunAsync_Limit_SendsTheFirstPurchasesAlsoWhenResumed()
    {
        await using var server = await StubServer.StartAsync();
        var (path, expected) = WriteFile(rows: 5_000, seed: 6);
        var store = new ReplayProgressFile(_folder.File("progress.json"));

        await Replay(server, path, store, limit: 700).RunAsync(TestContext.Current.CancellationToken);
        AssertExactlyOnceInOrder(expected.Take(700).ToList(), server.Events);
        await Replay(server, path, store, limit: 1_300).RunAsync(TestContext.Current.CancellationToken);

        AssertExactlyOnceInOrder(expected.Take(1_300).ToList(), server.Events);
        Assert.Equal(1_300, server.Events.Count);
        await Replay(server, path, store, limit: 10).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1_300, server.Events.Count);
    }

    [Fact]
    public async Task RunAsync_Speed_SendsWhatIsDueAndWaitsForTheRest()
    {
        await using var server = await StubServer.StartAsync();
        var time = new ManualTimeProvider();
        var start = new DateTime(2010, 12, 1, 8, 0, 0, DateTimeKind.Utc);
        var path = RetailCsv.Write(
            _folder, "hours.csv", [RetailCsv.Header, .. Enumerable.Range(0, 4).Select(hour => RetailCsv.Row(hour, start.AddHours(hour), 1, "1.5", "7"))]);

        // An hour of the file is a second.
        var begun = time.GetUtcNow();
        var replaying = Replay(server, path, time: time, speed: 3_600).RunAsync(TestContext.Current.CancellationToken);
        await Deadline.Until(() => server.Events.Count >= 1, "the first event");
        Assert.Single(server.Events);
        await Deadline.Until(
            () =>
            {
                // However long a request takes, while the clock goes on: no event comes before its time.
                time.Advance(TimeSpan.FromMilliseconds(50));
                var sent = server.Events.Count;
                Assert.InRange(sent, 1, 1 + (int)(time.GetUtcNow() - begun).TotalSeconds);
                return sent == 4;
            },
            "the last event");

        Assert.Equal(4, (await replaying.Within("the end")).SentHere);
    }

    private static long RowOf(ShopEvent shopEvent) =>
        long.Parse(shopEvent.EventId[(shopEvent.EventId.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private static void AssertExactlyOnceInOrder(IReadOnlyList<ShopEvent> expected, IReadOnlyList<ShopEvent> recorded)
    {
        // What the system does: the first of each id counts.
        var counted = recorded.DistinctBy(e => e.EventId).ToArray();
        Assert.Equal(expected.OrderBy(e => e.EventId, StringComparer.Ordinal), counted.OrderBy(e => e.EventId, StringComparer.Ordinal));
        foreach (var user in counted.GroupBy(e => e.UserId))
        {
            Assert.Equal(user.Select(RowOf).Order(), user.Select(RowOf));
        }
    }

    /// <summary>The file, and its events by the obvious way.</summary>
    private (string Path, IReadOnlyList<ShopEvent> Events) WriteFile(int rows, int seed)
    {
        var path = RetailCsv.Write(_folder, $"retail-{seed}.csv", RetailCsv.Generate(rows, seed));
        var file = RetailCsv.Inspect(path);
        return (path, [.. RetailReader.Read(file).Where(r => r.Skip == RetailSkip.None).Select(r => RetailEvents.Of(file, r.Row, r.Value!))]);
    }

    private Replayer Replay(
        StubServer server,
        string path,
        IReplayProgressStore? store = null,
        int saveEvery = 20_000,
        long? limit = null,
        double? speed = null,
        RetryOptions? retry = null,
        TimeProvider? time = null) =>
        new(
            new ReplayOptions { Path = path, SaveEveryEvents = saveEvery, Limit = limit, Speed = speed },
            new EventApi(_http, server.Url, retry ?? Quick, TimeProvider.System),
            store,
            time ?? TimeProvider.System,
            new Unwatched());

    private sealed class Unwatched : IReplayObserver
    {
        public void Begun(RetailTally tally, int products, ReplayProgress from)
        {
        }

        public void Advanced(ReplayProgress progress)
        {
        }
    }

    /// <summary>A process that is killed saves nothing more.</summary>
    private sealed class MortalStore(IReplayProgressStore inner) : IReplayProgressStore
    {
        public volatile bool IsDead;

        public ReplayProgress? Load() => inner.Load();

        public void Save(ReplayProgress progress)
        {
            if (!IsDead)
            {
                inner.Save(progress);
            }
        }
    }
}
