using Npgsql;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Schema;

/// <summary>What followers of the catalogue rest on: updated_at and deleted_products are kept by the database, whoever writes.</summary>
public sealed class ProductTriggerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Insert = "INSERT INTO products (product_id, name, category, price, stock) VALUES ('p', 'Pan', 'Home', 10, 5)";

    private NpgsqlDataSource? _source;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _source = await MigratedDatabase.OpenAsync(postgres);

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    [Fact]
    public async Task Insert_WithAnOldTime_IsDatedNow()
    {
        await RunAsync("INSERT INTO products (product_id, name, category, price, stock, updated_at) VALUES ('p', 'Pan', 'Home', 10, 5, '2001-01-01')");

        Assert.Equal(true, await AskAsync("SELECT updated_at > now() - interval '1 minute' FROM products"));
    }

    [Theory]
    [InlineData("UPDATE products SET price = 11", true)]
    [InlineData("UPDATE products SET stock = stock - 1, updated_at = '2001-01-01'", true)]
    [InlineData("UPDATE products SET price = 10, name = 'Pan'", false)]
    public async Task Update_Row_IsDatedWhenItChanged(string update, bool changes)
    {
        await RunAsync(Insert);
        var before = (DateTime)(await AskAsync("SELECT updated_at FROM products"))!;

        await RunAsync(update);

        var after = (DateTime)(await AskAsync("SELECT updated_at FROM products"))!;
        Assert.Equal(changes, after > before);
        Assert.True(after >= before);
    }

    [Theory]
    [InlineData("DELETE FROM products")]
    [InlineData("TRUNCATE products CASCADE")]
    [InlineData("UPDATE products SET product_id = 'q'")]
    public async Task Remove_Product_IsNotedUntilItIsBack(string removal)
    {
        await RunAsync(Insert);

        await RunAsync(removal);
        Assert.Equal("p", await AskAsync("SELECT product_id FROM deleted_products WHERE deleted_at > now() - interval '1 minute'"));

        await RunAsync(Insert);
        Assert.Equal(0L, await AskAsync("SELECT count(*) FROM deleted_products"));
    }

    [Fact]
    public async Task Insert_StubOfAKnownProduct_ChangesNothing()
    {
        await RunAsync(Insert);
        var before = await AskAsync("SELECT products::text FROM products");

        await RunAsync(Insert.Replace("'Pan'", "'p'", StringComparison.Ordinal) + " ON CONFLICT DO NOTHING");

        Assert.Equal(before, await AskAsync("SELECT products::text FROM products"));
    }

    private async Task RunAsync(string sql)
    {
        await using var command = _source!.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task<object?> AskAsync(string sql)
    {
        await using var command = _source!.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }
}
