using Reco.Adapters.Postgres.Schema.Entities;
using Reco.Adapters.Postgres.Seeding;

namespace Reco.Adapters.Tests.Postgres.Seeding;

/// <summary>The invented orders are many enough, in order, valid, and skewed as a shop's are.</summary>
public sealed class OrderGeneratorTests
{
    private static readonly DateOnly Until = new(2026, 1, 1);

    private static readonly decimal[] Prices = [.. Enumerable.Range(1, 200).Select(i => i / 4m)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(729)]
    [InlineData(10_000)]
    public void Orders_AnyNumber_AreThatManyInOrderOfTimeWithinTwoYears(int count)
    {
        var orders = Read(count, seed: 3);

        Assert.Equal(count, orders.Count);
        Assert.Equal(Enumerable.Range(1, count), orders.Select(order => order.Number));
        Assert.Equal(orders.Select(order => order.At).Order(), orders.Select(order => order.At));
        Assert.All(orders, order => Assert.InRange(order.At, new DateTime(2024, 1, 2, 0, 0, 0, DateTimeKind.Utc), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(-1)));
    }

    [Fact]
    public void Orders_AskedTwice_AreTheSameAndAnotherSeedGivesOthers()
    {
        var generator = new OrderGenerator(2_000, 3, Until, 100, Prices);

        Assert.Equal(Copy(generator), Copy(generator));
        Assert.Equal(Copy(generator), Read(2_000, seed: 3));
        Assert.NotEqual(Copy(generator), Read(2_000, seed: 4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(200)]
    public void Orders_FewProducts_HaveEachOnceInAnOrder(int products)
    {
        var generator = new OrderGenerator(3_000, 5, Until, 10, Prices[..products]);

        foreach (var order in generator.Orders())
        {
            var items = order.Items[..order.ItemCount];
            Assert.InRange(items.Length, 1, Math.Min(products, SeededOrder.ItemsMax));
            Assert.Equal(items.Length, items.Select(item => item.Product).Distinct().Count());
            Assert.Equal(items.Sum(item => item.Quantity * item.UnitPrice), order.Total);
            Assert.All(items, item =>
            {
                Assert.InRange(item.Product, 0, products - 1);
                Assert.InRange(item.Quantity, 1, 6);
                Assert.InRange(item.UnitPrice, Math.Round(Prices[item.Product] * 0.59m, 2), Prices[item.Product]);
            });
        }
    }

    [Fact]
    public void Orders_Many_HaveTheSkewOfAShop()
    {
        const int count = 60_000;
        const int users = 2_500;
        var generator = new OrderGenerator(count, 1, Until, users, Prices);
        var ofUser = new int[users];
        var ofProduct = new int[Prices.Length];
        var ofMonth = new int[13];
        var ofHour = new int[24];
        var ofStatus = OrderStatuses.All.ToDictionary(status => status, _ => 0);
        var items = 0;
        foreach (var order in generator.Orders())
        {
            ofUser[order.User]++;
            ofStatus[order.Status]++;
            ofHour[order.CreatedAt.Hour]++;
            ofMonth[order.CreatedAt.Month] += order.CreatedAt.Year == 2025 ? 1 : 0;
            items += order.ItemCount;
            foreach (var item in order.Items.AsSpan(0, order.ItemCount))
            {
                ofProduct[item.Product]++;
            }
        }

        Assert.InRange(items / (double)count, 2.4, 2.6);
        Assert.InRange(ofUser.OrderDescending().Take(users / 10).Sum() / (double)count, 0.35, 0.5);
        Assert.InRange(ofProduct.OrderDescending().Take(Prices.Length / 10).Sum() / (double)items, 0.25, 0.5);
        Assert.All(ofProduct, sold => Assert.True(sold > 0));
        Assert.True(ofMonth[12] > 1.7 * ofMonth[2], "December is the strongest month");
        Assert.True(ofHour[20] > 5 * ofHour[3], "nobody shops at night");
        Assert.InRange(ofStatus[OrderStatuses.Delivered] / (double)count, 0.75, 0.9);
        Assert.All(ofStatus, status => Assert.True(status.Value > 0, status.Key));
    }

    private static List<Copied> Read(int count, ulong seed) => Copy(new OrderGenerator(count, seed, Until, 100, Prices));

    private static List<Copied> Copy(OrderGenerator generator) =>
        [.. generator.Orders().Select(order => new Copied(
            order.Number, order.CreatedAt, order.User, order.Status, string.Join(',', order.Items[..order.ItemCount])))];

    private sealed record Copied(int Number, DateTime At, int User, string Status, string Items);
}
