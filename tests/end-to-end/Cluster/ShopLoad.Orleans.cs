using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Reco.Testing;

namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>
/// Shoppers at a gateway until they are told to stop: events, each sent again under its id until it is taken, and counted on the side; and
/// reads of what the events changed.
/// </summary>
internal sealed class ShopLoad : IAsyncDisposable
{
    private const int Users = 40;
    private const int Products = 25;
    private const int EventsAPost = 20;
    private const decimal Price = 2.5m;
    private static readonly TimeSpan PostEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _http;
    private readonly string _run;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, (long Views, long Purchases)> _expected = [];
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly TaskCompletionSource _allKnown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _posting;
    private readonly Task _reading;
    private long _posted;
    private long _answered;

    private ShopLoad(Uri gateway, string run)
    {
        _http = new HttpClient { BaseAddress = gateway };
        _run = run;
        _posting = Task.Run(PostAsync);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Events that were taken.</summary>
    public long Posted => Interlocked.Read(ref _posted);

    /// <summary>Reads that were answered with what was asked for.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Reads that were not, and why.</summary>
    public IReadOnlyCollection<string> FailedReads => _failures;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts it; the ids of its events begin with the name of the run.</summary>
    public static async Task<ShopLoad> StartAsync(RecoProcess gateway, string run = "first")
    {
        var load = new ShopLoad(await gateway.ReadyAsync(), run);

        // Reads begin when every one of them finds something.
        await load.GoesOnAsync("every shopper and product has an event", events: 2 * Users, reads: 0);
        foreach (var path in Enumerable.Range(0, Users).Select(StatsOfUser).Concat(Enumerable.Range(0, Products).Select(StatsOfProduct)))
        {
            await Deadline.Until(() => load.IsKnownAsync(path), $"{path} is known");
        }

        load._allKnown.SetResult();
        return load;
    }

    /// <summary>Waits for so many more events and reads.</summary>
    public async Task GoesOnAsync(string phase, int events = 200, int reads = 100)
    {
        var (eventsBefore, readsBefore) = (Posted, Answered);
        await Deadline.Until(() => Posted - eventsBefore >= events && Answered - readsBefore >= reads, phase);
    }

    /// <summary>No more events and reads; what was sent is known now.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        _allKnown.TrySetResult();
        await Task.WhenAll(_posting, _reading).Within("the load stops");
    }

    /// <summary>Waits until the totals of every user and product are what was sent, by another load too; after <see cref="StopAsync"/>.</summary>
    public async Task AssertExactAsync(Uri? address = null, ShopLoad? and = null, params IReadOnlyCollection<string> except)
    {
        using var other = new HttpClient { BaseAddress = address ?? _http.BaseAddress };
        foreach (var (path, own) in _expected.Where(e => !except.Contains(e.Key)))
        {
            var (moreViews, morePurchases) = and?._expected.GetValueOrDefault(path) ?? default;
            var expected = (Views: own.Views + moreViews, Purchases: own.Purchases + morePurchases);
            var found = "nothing";
            try
            {
                await Deadline.Until(
                    async () => (found = await TotalsAsync(other, path)) == TextOf(expected.Views, expected.Purchases, expected.Purchases * Price), path);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"{path} is {found}, not {TextOf(expected.Views, expected.Purchases, expected.Purchases * Price)}");
            }
        }
    }

    /// <summary>Every user's window, once it has what was sent in the last minutes; after <see cref="StopAsync"/>, and within a window's length of the start.</summary>
    public async Task AssertWindowsAsync()
    {
        foreach (var (path, expected) in _expected.Where(e => e.Key.StartsWith("user-stats", StringComparison.Ordinal)))
        {
            var body = await _http.GetFromJsonAsync<JsonElement>(path, Cancel);
            var window = body.GetProperty("window");
            Assert.True(
                window.GetProperty("view").GetInt64() == expected.Views && window.GetProperty("purchase").GetInt64() == expected.Purchases,
                $"{path}: {window} instead of {expected}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private static string TextOf(long views, long purchases, decimal revenue) =>
        string.Create(CultureInfo.InvariantCulture, $"{views} views, {purchases} purchases, {revenue:0.00}");

    private static async Task<string> TotalsAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, Cancel);
        if (!answer.IsSuccessStatusCode)
        {
            return await answer.Content.ReadAsStringAsync(Cancel);
        }

        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        var totals = body.GetProperty("totals");
        return TextOf(totals.GetProperty("view").GetInt64(), totals.GetProperty("purchase").GetInt64(), body.GetProperty("revenue").GetDecimal());
    }

    private static string StatsOfUser(int user) => $"user-stats/user-{user}";

    private static string StatsOfProduct(int product) => $"products/product-{product}/stats";

    /// <summary>Whatever the answer is, it is not that there is no such user or product: a damaged one is known too.</summary>
    private async Task<bool> IsKnownAsync(string path)
    {
        using var answer = await _http.GetAsync(path, Cancel);
        return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.InternalServerError;
    }

    private async Task PostAsync()
    {
        using var tick = new PeriodicTimer(PostEvery);
        for (var post = 0; !_stop.IsCancellationRequested; post++)
        {
            var events = Enumerable.Range(post * EventsAPost, EventsAPost).Select(number => (
                User: $"user-{number % Users}", Product: $"product-{number * 7 % Products}", IsPurchase: number % 3 == 0, Number: number)).ToList();
            while (!await TryPostAsync(events))
            {
                // Asked to come back, or not answered: the same events again, under the same ids.
                await tick.WaitForNextTickAsync(Cancel);
            }

            foreach (var (user, product, isPurchase, _) in events)
            {
                Count($"user-stats/{user}", isPurchase);
                Count($"products/{product}/stats", isPurchase);
            }

            Interlocked.Add(ref _posted, events.Count);
            await tick.WaitForNextTickAsync(Cancel);
        }
    }

    private async Task<bool> TryPostAsync(IEnumerable<(string User, string Product, bool IsPurchase, int Number)> events)
    {
        try
        {
            var now = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
            using var answer = await _http.PostAsJsonAsync(
                "events",
                events.Select(e => e.IsPurchase
                    ? (object)new { event_id = $"{_run}-{e.Number}", user_id = e.User, product_id = e.Product, event_type = "purchase", timestamp = now, quantity = 1, unit_price = Price }
                    : new { event_id = $"{_run}-{e.Number}", user_id = e.User, product_id = e.Product, event_type = "view", timestamp = now }),
                Cancel);
            Assert.True(answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable, await answer.Content.ReadAsStringAsync(Cancel));
            return answer.StatusCode == HttpStatusCode.Accepted;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task ReadAsync()
    {
        await _allKnown.Task;
        using var tick = new PeriodicTimer(ReadEvery);
        for (var read = 0; !_stop.IsCancellationRequested; read++)
        {
            var path = (read % 3) switch
            {
                0 => StatsOfUser(read % Users),
                1 => StatsOfProduct(read % Products),
                _ => $"recommendations/user-{read % Users}?limit=5",
            };
            try
            {
                using var answer = await _http.GetAsync(path, Cancel);
                if (answer.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref _answered);
                }
                else
                {
                    _failures.Enqueue($"{path}: {await answer.Content.ReadAsStringAsync(Cancel)}");
                }
            }
            catch (HttpRequestException failure)
            {
                _failures.Enqueue($"{path}: {failure.Message}");
            }

            await tick.WaitForNextTickAsync(Cancel);
        }
    }

    private void Count(string path, bool isPurchase)
    {
        var (views, purchases) = _expected.GetValueOrDefault(path);
        _expected[path] = isPurchase ? (views, purchases + 1) : (views + 1, purchases);
    }
}
