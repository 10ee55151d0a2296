using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Schema;
using Reco.Adapters.Postgres.Schema.Entities;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Schema;

/// <summary>The migrations are written by hand: what they make must be what the model says.</summary>
public sealed class ModelAgreementTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MigratedDatabase_BesideTheModelsOwnScript_IsTheSame()
    {
        var migrated = await postgres.NewDatabaseAsync();
        var scripted = await postgres.NewDatabaseAsync();
        await using (var services = Services(migrated))
        {
            await services.GetRequiredService<SchemaMigrator>().MigrateAsync(Token);
        }

        await using (var services = Services(scripted))
        {
            await using var context = await services.GetRequiredService<IDbContextFactory<RecoDbContext>>().CreateDbContextAsync(Token);
            await context.Database.ExecuteSqlRawAsync(context.Database.GenerateCreateScript(), Token);
        }

        var ofTheModel = await SchemaDescription.OfTablesAsync(scripted);
        Assert.Contains("column orders.total numeric(14,2) not null default=- identity= collation=", ofTheModel);
        Assert.Equal(ofTheModel, await SchemaDescription.OfTablesAsync(migrated));
    }

    [Fact]
    public async Task Migrations_DownAndUp_LeaveTheSame()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var services = Services(database);
        await services.GetRequiredService<SchemaMigrator>().MigrateAsync(Token);
        var before = await SchemaDescription.OfEverythingAsync(database);

        await using var context = await services.GetRequiredService<IDbContextFactory<RecoDbContext>>().CreateDbContextAsync(Token);
        await context.GetService<IMigrator>().MigrateAsync(Migration.InitialDatabase, Token);
        Assert.Empty(await SchemaDescription.OfEverythingAsync(database));

        await services.GetRequiredService<SchemaMigrator>().MigrateAsync(Token);
        Assert.Equal(before, await SchemaDescription.OfEverythingAsync(database));
    }

    [Fact]
    public async Task Context_RowsOfEveryTable_AreReadAsTheyWereWritten()
    {
        await using var services = Services(await postgres.NewDatabaseAsync());
        await services.GetRequiredService<SchemaMigrator>().MigrateAsync(Token);
        var factory = services.GetRequiredService<IDbContextFactory<RecoDbContext>>();
        var at = new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
        await using (var context = await factory.CreateDbContextAsync(Token))
        {
            context.Add(new UserRow { UserId = "u", Name = "Uma", CreatedAt = at, UpdatedAt = at });
            context.Add(new ProductRow { ProductId = "p", Name = "Pan", Category = "Home", Price = 9.99m, Stock = 3 });
            context.Add(new OrderRow { OrderId = 7, EventId = "e", UserId = "u", Status = OrderStatuses.Paid, Total = 19.98m, CreatedAt = at });
            context.Add(new OrderItemRow { OrderId = 7, LineNo = 1, ProductId = "p", Quantity = 2, UnitPrice = 9.99m });
            context.Add(new UserEventRow { EventId = "e", OccurredAt = at, UserId = "u", EventType = "search", Query = "pan" });
            context.Add(new DeadLetterRow { Source = "orders", Partition = 1, Offset = 2, Reason = "r", Payload = [1, 2] });
            await context.SaveChangesAsync(Token);
        }

        await using var read = await factory.CreateDbContextAsync(Token);
        Assert.Equal(19.98m, (await read.Orders.SingleAsync(order => order.EventId == "e", Token)).Total);
        Assert.Equal(2, (await read.OrderItems.SingleAsync(Token)).Quantity);
        Assert.Equal("pan", (await read.UserEvents.SingleAsync(Token)).Query);
        Assert.Equal([1, 2], (await read.DeadLetters.SingleAsync(Token)).Payload);
        Assert.True((await read.Products.SingleAsync(Token)).UpdatedAt > at);
        Assert.Empty(await read.DeletedProducts.ToListAsync(Token));
    }

    [Theory]
    [InlineData("INSERT INTO products (product_id, name, category, price, stock) VALUES ('p', 'P', 'c', -0.01, 0)", "products_price_check")]
    [InlineData("INSERT INTO products (product_id, name, category, price, stock) VALUES ('p', 'P', 'c', 0, -1)", "products_stock_check")]
    [InlineData("INSERT INTO orders (event_id, user_id, status, total, created_at) VALUES ('e', 'nobody', 'paid', 1, now())", "orders_user_id_fkey")]
    [InlineData("INSERT INTO orders (event_id, user_id, status, total, created_at) VALUES ('e', 'u', 'lost', 1, now())", "orders_status_check")]
    [InlineData("INSERT INTO user_events (event_id, occurred_at, user_id, event_type) VALUES ('e', now(), 'u', 'dance')", "user_events_event_type_check")]
    public async Task Insert_RowThatBreaksARule_IsRefusedByItsConstraint(string sql, string constraint)
    {
        await using var services = Services(await postgres.NewDatabaseAsync());
        await services.GetRequiredService<SchemaMigrator>().MigrateAsync(Token);
        var source = services.GetRequiredService<NpgsqlDataSource>();
        await using var user = source.CreateCommand("INSERT INTO users (user_id, name) VALUES ('u', 'Uma')");
        await user.ExecuteNonQueryAsync(Token);

        await using var command = source.CreateCommand(sql);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Token));
        Assert.EndsWith(constraint, refused.ConstraintName, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(string connectionString) => new ServiceCollection()
        .AddLogging()
        .AddPostgres(options => options.ConnectionString = connectionString)
        .BuildServiceProvider();
}
