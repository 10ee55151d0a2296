using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Reco.Adapters.Embedded.Search;
using Reco.Adapters.Postgres.Catalogue;
using Reco.Adapters.Postgres.Schema;
using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Catalogue;

/// <summary>The catalogue in a host, as the silo has it, on the real clock: what is promised is seconds.</summary>
public sealed class CatalogueHostTests(PostgresFixture postgres)
{
    /// <summary>"Silos see changes within 5 s."</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_EmptyDatabase_MigratesFillsAndLoadsBeforeOtherServices()
    {
        using var host = Build(await postgres.NewDatabaseAsync(), seedProducts: 30);
        await host.StartAsync(Token);

        Assert.Equal(30, host.Services.GetServices<IHostedService>().OfType<SeesCatalogue>().Single().ProductsAtStart);
        Assert.Equal(SeededCatalogue.Generate(30), host.Services.GetRequiredService<ICatalogue>().Products);
        Assert.Null(host.Services.GetRequiredService<CatalogueFollower>().Problem);
        Assert.Equal(
            (long)ShopFiller.Users, await AskAsync(host.Services.GetRequiredService<NpgsqlDataSource>(), "SELECT count(*) FROM users"));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Start_ThreeHostsAtOnce_FillTheShopOnce()
    {
        var database = await postgres.NewDatabaseAsync();
        var hosts = Enumerable.Range(0, 3).Select(_ => Build(database, seedProducts: 20)).ToList();

        await Task.WhenAll(hosts.Select(host => host.StartAsync(Token)));

        Assert.All(hosts, host => Assert.Equal(20, host.Services.GetRequiredService<ICatalogue>().Products.Count));
        foreach (var host in hosts)
        {
            await host.StopAsync(Token);
            host.Dispose();
        }
    }

    [Fact]
    public async Task Start_ShopWithProductsOfItsOwn_IsNotFilled()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await new SchemaMigrator(source).MigrateAsync(Token);
        await RunAsync(source, "INSERT INTO products (product_id, name, category, price, stock) VALUES ('own', 'Own', 'Home', 1, 1)");

        using (var host = Build(database, seedProducts: 20))
        {
            await host.StartAsync(Token);
            Assert.Equal("own", Assert.Single(host.Services.GetRequiredService<ICatalogue>().Products).Id);
            await host.StopAsync(Token);
        }

        // Nor when it has come to be empty on purpose.
        await RunAsync(source, "DELETE FROM products");
        using (var host = Build(database, seedProducts: 20))
        {
            await host.StartAsync(Token);
            Assert.Empty(host.Services.GetRequiredService<ICatalogue>().Products);
            await host.StopAsync(Token);
        }
    }

    [Fact]
    public async Task Run_AnotherProgramChangesPrices_IsSeenWithinFiveSeconds()
    {
        using var host = Build(await postgres.NewDatabaseAsync(), seedProducts: 10);
        await host.StartAsync(Token);
        var catalogue = host.Services.GetRequiredService<ICatalogue>();

        await RunAsync(host.Services.GetRequiredService<NpgsqlDataSource>(), "UPDATE products SET price = 4321 WHERE product_id = 'product_0001'");

        await Deadline.Until(
            () => catalogue.TryGet("product_0001", out var product) && product.Price == 4321, "the new price is seen", Promised);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Run_ServerKilledAndBack_ServesWhatItHadSaysSoAndGoesOn()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 16 });
        using var host = Build(await server.CreateDatabaseAsync("shop"), seedProducts: 10);
        await host.StartAsync(Token);
        var catalogue = host.Services.GetRequiredService<ICatalogue>();
        var follower = host.Services.GetRequiredService<CatalogueFollower>();

        await server.KillAsync();
        await Deadline.Until(() => follower.Problem is not null, "the loss of PostgreSQL is noticed");
        Assert.Contains("does not answer", follower.Problem, StringComparison.Ordinal);
        Assert.Equal(10, catalogue.Products.Count);
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await catalogue.UpsertAsync([catalogue.Products[0] with { Stock = 1 }], Token));

        await server.RestartAsync();
        await RunAsync(host.Services.GetRequiredService<NpgsqlDataSource>(), "DELETE FROM products WHERE product_id = 'product_0002'");
        await Deadline.Until(() => follower.Problem is null && catalogue.Products.Count == 9, "the catalogue follows again");
        await catalogue.UpsertAsync([catalogue.Products[0] with { Stock = 77 }], Token);
        Assert.Equal(77, catalogue.Products[0].Stock);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Start_ServerAway_StartsSaysSoAndLoadsWhenItComes()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 16 });
        var database = await server.CreateDatabaseAsync("shop");
        await server.KillAsync();
        using var host = Build(database, seedProducts: 10);

        await host.StartAsync(Token);
        var catalogue = host.Services.GetRequiredService<ICatalogue>();
        Assert.Empty(catalogue.Products);
        Assert.Contains("start it, or correct ConnectionStrings:Postgres", host.Services.GetRequiredService<CatalogueFollower>().Problem, StringComparison.Ordinal);

        await server.RestartAsync();
        await Deadline.Until(() => catalogue.Products.Count == 10, "the catalogue is loaded");
        Assert.Null(host.Services.GetRequiredService<CatalogueFollower>().Problem);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Stop_ServerNeverCame_Stops()
    {
        using var host = Build("Host=127.0.0.1;Port=1;Username=reco;Database=none", seedProducts: 10);
        await host.StartAsync(Token);

        await host.StopAsync(Token).Within("the host stops");

        Assert.False(host.Services.GetRequiredService<PostgresStartup>().Ready.IsCompleted);
    }

    private static IHost Build(string connectionString, int seedProducts)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddEmbeddedSearch()
            .AddPostgresCatalogue(
                options =>
                {
                    options.ConnectionString = connectionString;
                    options.RetrySecondsMax = 0.2;
                },
                seeds => seeds.SeedProducts = seedProducts)
            .AddHostedService<SeesCatalogue>();
        return builder.Build();
    }

    private static async Task RunAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static async Task<object?> AskAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }

    private sealed class SeesCatalogue(ICatalogue catalogue) : IHostedService
    {
        public int ProductsAtStart { get; private set; } = -1;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            ProductsAtStart = catalogue.Products.Count;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
