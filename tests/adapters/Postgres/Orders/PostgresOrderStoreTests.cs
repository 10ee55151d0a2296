using System.Globalization;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Orders;

/// <summary>Orders in a real PostgreSQL.</summary>
public sealed class PostgresOrderStoreTests(PostgresFixture postgres)
{
    private static readonly long NowMs = new DateTimeOffset(2026, 1, 5, 12, 0, 0, 123, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddAsync_NewPurchases_EachMakesAPaidOrderWithOneItem()
    {
        await using var database = await NewAsync();
        var outcome = await database.Store.AddAsync([Buy("1", "ann", "cup", 3, 2.50m), Buy("2", "bob", "pot", 1, 0m) with { TimestampMs = 0 }], Cancel);
        Assert.Equal(2, outcome.Added);
        Assert.Empty(outcome.Refused);
        Assert.Equal(
            [
                new OrderLine("1", "ann", "paid", 7.50m, NowMs, 1, "cup", 3, 2.50m),
                new OrderLine("2", "bob", "paid", 0m, 0, 1, "pot", 1, 0m),
            ],
            await database.OrdersAsync());
    }

    [Fact]
    public async Task AddAsync_NothingAtAll_AddsNothing()
    {
        await using var database = await NewAsync();
        Assert.Equal(0, (await database.Store.AddAsync([], Cancel)).Added);
    }

    [Fact]
    public async Task AddAsync_SameAgainWithOthers_AddsTheOthersOnly()
    {
        await using var database = await NewAsync();
        Purchase[] first = [Buy("1", "ann", "cup", 1, 2m), Buy("2", "ann", "cup", 1, 2m)];
        await database.Store.AddAsync(first, Cancel);
        var before = await database.OrdersAsync();
        Assert.Equal(0, (await database.Store.AddAsync(first, Cancel)).Added);

        // An old id on something else changes nothing either.
        Assert.Equal(1, (await database.Store.AddAsync([Buy("1", "bob", "pot", 9, 9m), Buy("3", "ann", "cup", 1, 2m)], Cancel)).Added);
        var after = await database.OrdersAsync();
        Assert.Equal(before, after.Take(2));
        Assert.Equal(["1", "2", "3"], after.Select(o => o.EventId));
    }

    [Fact]
    public async Task AddAsync_RepeatedIdInOneCall_TheFirstCounts()
    {
        await using var database = await NewAsync();
        var outcome = await database.Store.AddAsync([Buy("1", "ann", "cup", 1, 2m), Buy("1", "bob", "pot", 5, 3m), Buy("1", "ann", "cup", 1, 2m)], Cancel);
        Assert.Equal(1, outcome.Added);
        Assert.Equal([new OrderLine("1", "ann", "paid", 2m, NowMs, 1, "cup", 1, 2m)], await database.OrdersAsync());
    }

    [Fact]
    public async Task AddAsync_UnknownUsersAndProducts_GetRowsAndKnownOnesStayAsTheyAre()
    {
        await using var database = await NewAsync();
        await database.ExecuteAsync("INSERT INTO users (user_id, name) VALUES ('ann', 'Ann')");
        await database.ExecuteAsync("INSERT INTO products (product_id, name, category, price, stock) VALUES ('cup', 'Cup', 'kitchen', 4, 7)");
        await database.Store.AddAsync(
            [Buy("1", "ann", "cup", 1, 2m), Buy("2", "bob", "pot", 1, null), Buy("3", "bob", "pot", 1, 8m), Buy("4", "bob", "pot", 1, 9m)], Cancel);
        Assert.Equal("ann=Ann,bob=bob", await database.ScalarAsync<string>("SELECT string_agg(user_id || '=' || name, ',' ORDER BY user_id) FROM users"));
        Assert.Equal(
            "cup/Cup/kitchen/4.00/7,pot/pot/unknown/8.00/0",
            await database.ScalarAsync<string>(
                "SELECT string_agg(concat_ws('/', product_id, name, category, price, stock), ',' ORDER BY product_id) FROM products"));
    }

    [Fact]
    public async Task AddAsync_NoPrice_TakesTheProductsPresentOneOrZero()
    {
        await using var database = await NewAsync();
        await database.ExecuteAsync("INSERT INTO products (product_id, name, category, price, stock) VALUES ('cup', 'Cup', 'kitchen', 4.25, 7)");
        await database.Store.AddAsync([Buy("1", "ann", "cup", 2, null), Buy("2", "ann", "what", 2, null)], Cancel);
        await database.ExecuteAsync("UPDATE products SET price = 5 WHERE product_id = 'cup'");
        await database.Store.AddAsync([Buy("1", "ann", "cup", 2, null), Buy("3", "ann", "cup", 2, null)], Cancel);
        Assert.Equal([(8.50m, 4.25m), (0m, 0m), (10m, 5m)], (await database.OrdersAsync()).Select(o => (o.Total, o.UnitPrice)));
    }

    /// <summary>1000 x 0.0049 is 4.90: rounding the price first would make it 0.</summary>
    [Theory]
    [InlineData(3, "0.005", "0.02", "0.01")]
    [InlineData(1000, "0.0049", "4.90", "0.00")]
    [InlineData(1, "2.675", "2.68", "2.68")]
    [InlineData(1, "0.1234567890123456789012345678", "0.12", "0.12")]
    public async Task AddAsync_PriceFinerThanACent_RoundsTheTotalOnce(int quantity, string price, string total, string itemPrice)
    {
        await using var database = await NewAsync();
        await database.Store.AddAsync([Buy("1", "ann", "cup", quantity, decimal.Parse(price, CultureInfo.InvariantCulture))], Cancel);
        var order = Assert.Single(await database.OrdersAsync());
        Assert.Equal((total, itemPrice), (order.Total.ToString(CultureInfo.InvariantCulture), order.UnitPrice.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task AddAsync_IdsOfEveryKind_ComeBackAsTheyWere()
    {
        await using var database = await NewAsync();
        string[] ids = ["'; DROP TABLE orders; --", "ü\t𝄞\\N", new string('x', 128), " ", "a", "A", "\u00e9", "e\u0301"];
        await database.Store.AddAsync([.. ids.Select(id => Buy(id, id, id, 1, 1m))], Cancel);
        Assert.Equal(ids, (await database.OrdersAsync()).Select(o => o.EventId));
        Assert.Equal(ids, (await database.OrdersAsync()).Select(o => o.ProductId));
    }

    [Fact]
    public async Task AddAsync_SeveralAtOnceWithTheSameNewUsersAndProducts_AllBecomeOrders()
    {
        await using var database = await NewAsync();
        var random = new Random(4);
        var batches = Enumerable.Range(0, 12).Select(batch => Enumerable.Range(0, 400)
            .Select(i => Buy($"{batch}-{i}", $"u{random.Next(300)}", $"p{random.Next(200)}", random.Next(1, 5), random.Next(100))).ToList()).ToList();
        var added = await Task.WhenAll(batches.Select(batch => database.Store.AddAsync(batch, Cancel).AsTask())).Within("the batches");
        Assert.All(added, outcome => Assert.Equal(400, outcome.Added));
        var expected = batches.SelectMany(batch => batch).Select(p => (p.EventId, p.UserId, p.ProductId, p.Quantity, p.Quantity * p.UnitPrice!.Value));
        var actual = (await database.OrdersAsync()).Select(o => (o.EventId, o.UserId, o.ProductId, o.Quantity, o.Total));
        Assert.Equal(expected.Order(), actual.Order());
    }

    private async Task<OrderDatabase> NewAsync() => await OrderDatabase.CreateAsync(await postgres.NewDatabaseAsync());

    private static Purchase Buy(string id, string user, string product, int quantity, decimal? price) => new(id, user, product, quantity, price, NowMs);
}
