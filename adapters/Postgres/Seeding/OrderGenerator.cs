using Reco.Adapters.Postgres.Schema.Entities;
using Reco.Core.Hashing;

namespace Reco.Adapters.Postgres.Seeding;

/// <summary>
/// Invents orders, in order of time, with the skew of a real shop: a product's sales fall with its rank (Zipf and Mandelbrot), a few users
/// order much, most statuses are final and young orders are still on their way. Each day has a random sequence of its own, so the same
/// options always give the same orders, as often as they are asked for.
/// </summary>
internal sealed class OrderGenerator
{
    /// <summary>Shares of orders with 1, 2, ... 10 items: 2.5 on average.</summary>
    private static readonly WeightedChoice ItemCounts = new([35, 25, 18, 10, 5.5, 3, 1.5, 1, 0.6, 0.4]);

    private static readonly WeightedChoice Quantities = new([78, 14, 4, 2, 1, 1]);

    private static readonly WeightedChoice SettledStatuses = new([0.2, 0.5, 1.3, 87, 6, 5]);

    private static readonly WeightedChoice YoungStatuses = new([14, 24, 32, 24, 5, 1]);

    private readonly OrderCalendar _calendar;
    private readonly WeightedChoice _products;
    private readonly WeightedChoice _users;
    private readonly decimal[] _prices;
    private readonly ulong _seed;

    /// <param name="orders">How many.</param>
    /// <param name="seed">Which.</param>
    /// <param name="until">The day after the last.</param>
    /// <param name="users">How many users there are to order.</param>
    /// <param name="prices">Of each product.</param>
    public OrderGenerator(int orders, ulong seed, DateOnly until, int users, decimal[] prices)
    {
        _seed = StableHash.Mix(seed ^ 0x6F72_6465_7273);
        _prices = prices;
        _calendar = new OrderCalendar(orders, until);

        // Products: rank r sells as (r + 8)^-0.9. Users: log-normal with sigma 1.1, where a tenth of them makes 40 % of the orders.
        var random = new SeedingRandom(_seed);
        _products = new WeightedChoice(Ranks(prices.Length, ref random).Select(rank => Math.Pow(rank + 8, -0.9)));
        var userRandom = new SeedingRandom(~_seed);
        _users = new WeightedChoice(Enumerable.Range(0, users).Select(_ => Math.Exp(1.1 * userRandom.NextNormal())));
    }

    /// <summary>All of them; each is the same object, valid until the next.</summary>
    public IEnumerable<SeededOrder> Orders()
    {
        var order = new SeededOrder();
        var times = Array.Empty<long>();
        for (var day = 0; day < OrderCalendar.Days; day++)
        {
            var random = new SeedingRandom(StableHash.Combine(_seed, (ulong)day));
            var count = _calendar.OrdersOf(day);
            times = times.Length < count ? new long[count * 2] : times;
            OrderCalendar.Times(ref random, times.AsSpan(0, count));
            var midnight = _calendar.First.AddDays(day).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
            for (var i = 0; i < count; i++)
            {
                order.Number++;
                order.CreatedAt = midnight.AddMicroseconds(times[i]);
                Fill(order, isYoung: day >= OrderCalendar.Days - 14, ref random);
                yield return order;
            }
        }
    }

    private void Fill(SeededOrder order, bool isYoung, ref SeedingRandom random)
    {
        order.User = _users.Draw(ref random);
        order.Status = OrderStatuses.All[(isYoung ? YoungStatuses : SettledStatuses).Draw(ref random)];
        var items = Math.Min(ItemCounts.Draw(ref random) + 1, _products.Count);
        order.ItemCount = 0;
        while (order.ItemCount < items)
        {
            var product = DrawNew(order, ref random);
            order.Items[order.ItemCount++] = new SeededItem(product, Quantities.Draw(ref random) + 1, PaidFor(product, ref random));
        }
    }

    /// <summary>An order has a product once. Where few are left to draw, the next in line is taken.</summary>
    private int DrawNew(SeededOrder order, ref SeedingRandom random)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var drawn = _products.Draw(ref random);
            if (!Has(order, drawn))
            {
                return drawn;
            }
        }

        var next = random.Next(_products.Count);
        while (Has(order, next))
        {
            next = (next + 1) % _products.Count;
        }

        return next;
    }

    private static bool Has(SeededOrder order, int product)
    {
        for (var i = 0; i < order.ItemCount; i++)
        {
            if (order.Items[i].Product == product)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One in eight is bought in a sale, at 5 to 40 % off.</summary>
    private decimal PaidFor(int product, ref SeedingRandom random) =>
        random.Next(8) == 0 ? Math.Round(_prices[product] * (95 - (5 * random.Next(8))) / 100, 2) : _prices[product];

    private static int[] Ranks(int count, ref SeedingRandom random)
    {
        var ranks = Enumerable.Range(1, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (ranks[i], ranks[j]) = (ranks[j], ranks[i]);
        }

        return ranks;
    }
}
