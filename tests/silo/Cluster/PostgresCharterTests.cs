using Reco.Silo.Cluster.Charters;
using Reco.Silo.Cluster.Tables;
using Reco.Testing;

namespace Reco.Silo.Tests.Cluster;

public sealed class PostgresCharterTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly ClusterCharter One = new([new("Kafka", "Kafka at a:9092", "A"), new("Kafka:Topic", "topic events")]);
    private static readonly ClusterCharter Other = new([new("Kafka", "Kafka at b:9092")]);

    private string _connection = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await postgres.NewDatabaseAsync();
        await OrleansTables.ApplyAsync(_connection, Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task ReadAll_AfterWrites_IsTheLastOfEachSiloOfThisCluster()
    {
        var store = new PostgresCharterStore(_connection, "shop");
        await store.WriteAsync("a", Other, Cancel);
        await store.WriteAsync("a", One, Cancel);
        await store.WriteAsync("b", Other, Cancel);
        await new PostgresCharterStore(_connection, "another").WriteAsync("c", One, Cancel);

        var read = await store.ReadAllAsync(Cancel);

        Assert.Equal(["a", "b"], read.Keys.Order());
        Assert.Equal(One.Items, read["a"].Items);
        Assert.Equal(Other.Items, read["b"].Items);
    }

    [Fact]
    public async Task Remove_SomeOfThem_LeavesTheRest()
    {
        var store = new PostgresCharterStore(_connection, "shop");
        foreach (var silo in new[] { "a", "b", "c" })
        {
            await store.WriteAsync(silo, One, Cancel);
        }

        await store.RemoveAsync(["a", "c", "never there"], Cancel);

        Assert.Equal(["b"], (await store.ReadAllAsync(Cancel)).Keys);
    }

    [Fact]
    public async Task ReadOrMake_ManyAtOnce_AreToldOneMarkOfTheirService()
    {
        var marks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new PostgresStateMark(_connection, "shop").ReadOrMakeAsync(Cancel)));
        Assert.Single(marks.Distinct());
        Assert.NotEqual(marks[0], await new PostgresStateMark(_connection, "another").ReadOrMakeAsync(Cancel));
    }
}
