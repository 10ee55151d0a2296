using System.Diagnostics;
using Reco.Testing.Elasticsearch;

namespace Reco.Workload.Tests.Etl;

/// <summary>The command as a process of its own, killed in the middle.</summary>
public sealed class EtlKillTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Etl_KilledInTheMiddle_LeavesTheOldIndexServingAndIsGoneOnWith()
    {
        const int Products = 30_000;
        await using var shop = await EtlHarness.StartAsync(postgres, Products);
        var first = await shop.RunAsync();
        await shop.RunSqlAsync("UPDATE products SET name = name || ' renewed'");
        var stop = shop.SearchOnAndOn(total => total == Products);

        var bulks = 0;
        using var killed = Start(shop);
        shop.Stub.Fail(
            request => IsBulk(request) && Interlocked.Increment(ref bulks) == 20,
            1,
            async context =>
            {
                killed.Kill();
                await killed.WaitForExitAsync(Token);
                context.Abort();
            });
        killed.Start();
        await Deadline.Within(killed.WaitForExitAsync(Token), "the ETL is killed");
        Assert.Equal(137, killed.ExitCode);
        Assert.Equal(2, (await shop.GenerationsAsync()).Length);
        Assert.Equal(first.Generation, (await shop.GenerationsAsync()).Single(generation => generation.IsPublished).Name);

        using var again = Start(shop);
        again.Start();
        var output = await again.StandardOutput.ReadToEndAsync(Token);
        var errors = await again.StandardError.ReadToEndAsync(Token);
        await Deadline.Within(again.WaitForExitAsync(Token), "the ETL ends");
        Assert.True(again.ExitCode == 0, errors + output);
        Assert.Contains("half way: going on after", errors, StringComparison.Ordinal);
        Assert.Contains($"PostgreSQL: {Products} products", output, StringComparison.Ordinal);

        // The searcher saw all the products at every moment, of one index or of the other.
        Assert.InRange(await stop(), 1, int.MaxValue);
        var only = Assert.Single(await shop.GenerationsAsync());
        Assert.NotEqual(first.Generation, only.Name);
        Assert.Equal(Products, await shop.AssertEqualAsync());
        Assert.Equal(Products, (await shop.FindAsync("renewed")).Total);
    }

    private static Process Start(EtlHarness shop)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
            [Path.Combine(AppContext.BaseDirectory, "Reco.Workload.dll"), "etl", "--full", "--verify", "--batch", "1000",
            "--postgres", shop.ConnectionString, "--elasticsearch", shop.Stub.Url])
        {
            start.ArgumentList.Add(argument);
        }

        return new Process { StartInfo = start };
    }

    private static bool IsBulk(StubRequest request) => request.Path.EndsWith("/_bulk", StringComparison.Ordinal);
}
