using System.Globalization;
using Reco.GrainInterfaces;
using Reco.Workload.Tests.Support;
using Reco.Workload.Traffic;

namespace Reco.Workload.Tests.Traffic;

public sealed class ShopperSimulatorTests
{
    private const long StartMs = 1_767_600_000_000;

    [Fact]
    public void Next_LongRun_HasTheMixExactlyPerHundred()
    {
        var counts = new int[EventTypes.Count];
        foreach (var shopEvent in Run(Simulator(), 100_000))
        {
            counts[(int)shopEvent.Type]++;
        }

        // The deal is exact; what may be owed at the end is a few events that had to wait at the start.
        Assert.InRange(counts[(int)EventType.View], 49_950, 50_050);
        Assert.InRange(counts[(int)EventType.Cart], 19_950, 20_050);
        Assert.InRange(counts[(int)EventType.Purchase], 9_950, 10_050);
        Assert.InRange(counts[(int)EventType.Like], 9_950, 10_050);
        Assert.InRange(counts[(int)EventType.Search], 9_950, 10_050);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(2_000)]
    public void Next_AnyLoad_EverySessionKeepsTheOrderOfAShopper(int stepMs)
    {
        var done = new HashSet<(string Session, string Product, EventType Type)>();
        var users = new Dictionary<string, string>();
        foreach (var shopEvent in Run(Simulator(), 30_000, stepMs))
        {
            Assert.Equal(shopEvent.UserId, users.TryAdd(shopEvent.SessionId!, shopEvent.UserId) ? shopEvent.UserId : users[shopEvent.SessionId!]);
            if (shopEvent.Type == EventType.Search)
            {
                continue;
            }

            EventType? needs = shopEvent.Type switch
            {
                EventType.Cart or EventType.Like => EventType.View,
                EventType.Purchase => EventType.Cart,
                _ => null,
            };
            Assert.True(
                needs is null || done.Contains((shopEvent.SessionId!, shopEvent.ProductId!, needs.Value)),
                $"{shopEvent.EventId}: {shopEvent.Type} without {needs}");
            done.Add((shopEvent.SessionId!, shopEvent.ProductId!, shopEvent.Type));
        }
    }

    [Fact]
    public void Next_SameOptionsAndTimes_MakesTheSameEvents() =>
        Assert.Equal(Run(Simulator(), 5_000).ToArray(), Run(Simulator(), 5_000).ToArray());

    [Fact]
    public void Next_OtherSeed_MakesOtherEvents()
    {
        var one = Run(Simulator(seed: 1), 1_000).Select(e => (e.UserId, e.ProductId)).ToArray();
        var other = Run(Simulator(seed: 2), 1_000).Select(e => (e.UserId, e.ProductId)).ToArray();

        Assert.True(one.Zip(other).Count(pair => pair.First == pair.Second) < 200);
    }

    [Fact]
    public void Next_TwoRunsOfOneSeed_ShareNoEventOrSessionIdAndKeepTheTastes()
    {
        var first = Simulator(runId: "a");
        var second = Simulator(runId: "b");
        var one = Run(first, 5_000).ToArray();
        var other = Run(second, 5_000).ToArray();

        Assert.Equal(10_000, one.Concat(other).Select(e => e.EventId).Distinct().Count());
        Assert.Empty(one.Select(e => e.SessionId).Intersect(other.Select(e => e.SessionId)));
        Assert.Equal(first.Taste.Affinity(17, 5), second.Taste.Affinity(17, 5));
    }

    [Fact]
    public void Next_EveryEvent_PassesTheRulesOfTheSystemAndReadsBackEqual()
    {
        foreach (var shopEvent in Run(Simulator(), 2_000))
        {
            Assert.True(ShopEventJson.TryRead(ShopEventJson.ToUtf8(shopEvent), StartMs + 10_000_000, null, out var read, out var fault), $"{fault}");
            Assert.Equal(shopEvent, read);
        }
    }

    [Fact]
    public void Next_Purchases_CarryTheProductsPriceAndAQuantity()
    {
        var prices = Shop.Products().ToDictionary(p => p.Id, p => p.Price);
        var purchases = Run(Simulator(), 20_000).Where(e => e.Type == EventType.Purchase).ToArray();

        Assert.All(purchases, p => Assert.Equal(prices[p.ProductId!], p.UnitPrice));
        Assert.All(purchases, p => Assert.InRange(p.Quantity!.Value, 1, 8));
        Assert.InRange(purchases.Count(p => p.Quantity == 1) / (double)purchases.Length, 0.75, 0.85);
    }

    [Fact]
    public void Next_Searches_UseWordsOfTheShop()
    {
        var words = Shop.Products().SelectMany(p => $"{p.Name} {p.Category} {p.Brand}".ToLowerInvariant().Split(' ')).ToHashSet();

        Assert.All(
            Run(Simulator(), 2_000).Where(e => e.Type == EventType.Search),
            e => Assert.All(e.Query!.Split(' '), word => Assert.Contains(word, words)));
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(1_000, 30)]
    public void Next_HighAndLowLoad_KeepsOpenSessionsBounded(int stepMs, int sessionsMax)
    {
        var simulator = Simulator(openSessionsMax: 200);
        foreach (var _ in Run(simulator, 20_000, stepMs))
        {
            Assert.True(simulator.OpenSessions <= 200);
        }

        Assert.InRange(simulator.OpenSessions, 4, sessionsMax);
    }

    [Fact]
    public void Next_ActivityAndPopularity_HaveALongTail()
    {
        var events = Run(Simulator(), 100_000).Where(e => e.ProductId is not null).ToArray();

        Assert.True(ShareOfTopTenth(events.Select(e => e.ProductId!), 200) > 0.25);
        Assert.True(ShareOfTopTenth(events.Select(e => e.UserId), 5_000) > 0.2);
        Assert.All(events, e => Assert.InRange(int.Parse(e.UserId["user_".Length..], CultureInfo.InvariantCulture), 1, 5_000));
    }

    [Fact]
    public void Next_PastOfAUser_PredictsItsFutureFarBetterThanPopularity()
    {
        // A user's category shares in the first half against everybody's, by the log-likelihood of the second half.
        var categories = Shop.Products().ToDictionary(p => p.Id, p => p.Category);
        var events = Run(Simulator(users: 200), 60_000).Where(e => e.ProductId is not null).ToArray();
        var past = events[..(events.Length / 2)];
        var everybody = Shares(past.Select(e => categories[e.ProductId!]));
        var byUser = past.GroupBy(e => e.UserId).ToDictionary(g => g.Key, g => Shares(g.Select(e => categories[e.ProductId!])));
        var gain = events[(events.Length / 2)..]
            .Where(e => byUser.ContainsKey(e.UserId))
            .Average(e => Math.Log(byUser[e.UserId](categories[e.ProductId!]) / everybody(categories[e.ProductId!])));

        Assert.True(gain > 0.2, $"the past gains {gain:0.00} nats an event");

        static Func<string, double> Shares(IEnumerable<string> values)
        {
            var counts = values.CountBy(v => v).ToDictionary();
            var total = counts.Values.Sum() + 10.0;
            return value => (counts.GetValueOrDefault(value) + 1) / total;
        }
    }

    private static double ShareOfTopTenth(IEnumerable<string> values, int of)
    {
        var counts = values.CountBy(v => v).Select(pair => pair.Value).OrderDescending().ToArray();
        return counts.Take(of / 10).Sum() / (double)counts.Sum();
    }

    private static ShopperSimulator Simulator(
        ulong seed = 7, string runId = "test", int openSessionsMax = 2_000, int users = 5_000) =>
        new(Shop.Products(), new ShopperOptions { Seed = seed, RunId = runId, OpenSessionsMax = openSessionsMax, Users = users });

    private static IEnumerable<ShopEvent> Run(ShopperSimulator simulator, int events, int stepMs = 10)
    {
        for (var i = 0; i < events; i++)
        {
            yield return simulator.Next(StartMs + ((long)i * stepMs));
        }
    }
}
