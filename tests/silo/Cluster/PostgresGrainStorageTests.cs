using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Reco.Grains.State;
using Reco.Silo.Cluster;
using Reco.Silo.Cluster.Tables;
using Reco.Silo.Doctor;
using Reco.Testing;

namespace Reco.Silo.Tests.Cluster;

public sealed class PostgresGrainStorageTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly GrainId Ann = GrainId.Create("user", "ann");

    private string _connection = null!;
    private PostgresGrainStorage _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await postgres.NewDatabaseAsync();
        await OrleansTables.ApplyAsync(_connection, Cancel);
        _storage = new PostgresGrainStorage(_connection, "reco");
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task Read_AfterWrites_IsTheLastOne()
    {
        var state = Encoded(1);
        await _storage.WriteStateAsync("user", Ann, state);
        state.State!.Bytes = [2, 0, 255];
        await _storage.WriteStateAsync("user", Ann, state);

        var read = await ReadAsync(Ann);

        Assert.True(read.RecordExists);
        Assert.Equal([2, 0, 255], read.State!.Bytes);
        Assert.Equal(state.ETag, read.ETag);
    }

    [Fact]
    public async Task Read_Missing_LeavesTheValueAndSaysSo()
    {
        var read = await ReadAsync(Ann);
        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
    }

    /// <summary>Orleans' own ADO.NET provider keeps these in one row: they are one hexadecimal number.</summary>
    [Theory]
    [InlineData("85123A", "85123a")]
    [InlineData("017", "17")]
    [InlineData("a/b", "a")]
    public async Task Write_IdsThatReadAsOneNumber_AreTwoStates(string one, string other)
    {
        await _storage.WriteStateAsync("product", GrainId.Create("product", one), Encoded(1));
        await _storage.WriteStateAsync("product", GrainId.Create("product", other), Encoded(2));
        Assert.Equal([1], (await ReadAsync(GrainId.Create("product", one), "product")).State!.Bytes);
        Assert.Equal([2], (await ReadAsync(GrainId.Create("product", other), "product")).State!.Bytes);
    }

    [Fact]
    public async Task Write_TwoActivationsOfOneGrain_TheSecondIsRefused()
    {
        var (first, second) = (Encoded(1), Encoded(2));
        await _storage.WriteStateAsync("user", Ann, first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("user", Ann, second));

        var (left, right) = (await ReadAsync(Ann), await ReadAsync(Ann));
        await _storage.WriteStateAsync("user", Ann, left);
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("user", Ann, right));
        Assert.Equal([1], (await ReadAsync(Ann)).State!.Bytes);
    }

    [Fact]
    public async Task Clear_Written_IsGoneAndMayBeWrittenAgain()
    {
        var state = Encoded(1);
        await _storage.WriteStateAsync("user", Ann, state);
        await _storage.ClearStateAsync("user", Ann, state);
        Assert.False((await ReadAsync(Ann)).RecordExists);
        await _storage.WriteStateAsync("user", Ann, state);
        Assert.True((await ReadAsync(Ann)).RecordExists);
    }

    [Fact]
    public async Task PostgresStates_OfThisService_AreAllFoundAndNoOthers()
    {
        await _storage.WriteStateAsync("user", Ann, Encoded(1));
        await _storage.WriteStateAsync("user", GrainId.Create("user", "a/b"), Encoded(1));
        await using var other = new PostgresGrainStorage(_connection, "other");
        await other.WriteStateAsync("user", Ann, Encoded(1));

        var found = new List<(string, string)>();
        await foreach (var state in PostgresStates.ReadAsync(_connection, "reco", Cancel))
        {
            found.Add((state.Grain, state.Name));
        }

        Assert.Equal([("user/a/b", "user"), ("user/ann", "user")], found.Order());
    }

    private static GrainState<EncodedState> Encoded(byte value) => new(new EncodedState { Bytes = [value] });

    private async Task<GrainState<EncodedState>> ReadAsync(GrainId id, string name = "user")
    {
        var read = new GrainState<EncodedState>(new EncodedState());
        await _storage.ReadStateAsync(name, id, read);
        return read;
    }
}
