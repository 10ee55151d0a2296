using System.Text;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Contracts;

/// <summary>What every state store does. A test gets an empty store of its own.</summary>
public abstract class StateStoreContract : IAsyncDisposable
{
    protected abstract Task<IStateStore> StoreAsync();

    /// <summary>As if the process had been stopped and started.</summary>
    protected abstract Task<IStateStore> RestartAsync();

    public abstract ValueTask DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public async Task ReadAsync_UnknownKey_AnswersNull()
    {
        var store = await StoreAsync();
        Assert.Null(await store.ReadAsync("nobody", Cancel));
    }

    [Fact]
    public async Task WriteAsync_ThenRead_AnswersItBeforeAndAfterRestart()
    {
        var store = await StoreAsync();
        await store.WriteAsync("user/ä/1", Bytes("one"), Cancel);
        Assert.Equal(Bytes("one"), await store.ReadAsync("user/ä/1", Cancel));
        store = await RestartAsync();
        Assert.Equal(Bytes("one"), await store.ReadAsync("user/ä/1", Cancel));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(3_000_000)]
    public async Task WriteAsync_AnySize_IsKeptWhole(int bytes)
    {
        var value = new byte[bytes];
        new Random(bytes).NextBytes(value);
        var store = await StoreAsync();
        await store.WriteAsync("key", value, Cancel);
        Assert.Equal(value, await store.ReadAsync("key", Cancel));
        store = await RestartAsync();
        Assert.Equal(value, await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task WriteAsync_TwiceWithoutWaiting_TheLaterCallWins()
    {
        var store = await StoreAsync();
        for (var round = 0; round < 50; round++)
        {
            var first = store.WriteAsync("key", Bytes($"{round} first"), Cancel).AsTask();
            var second = store.WriteAsync("key", Bytes($"{round} second"), Cancel).AsTask();
            await Task.WhenAll(first, second).Within("both writes are durable");
            Assert.Equal(Bytes($"{round} second"), await store.ReadAsync("key", Cancel));
        }

        store = await RestartAsync();
        Assert.Equal(Bytes("49 second"), await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task RemoveAsync_KnownKey_IsGoneAfterRestartToo()
    {
        var store = await StoreAsync();
        await store.WriteAsync("gone", Bytes("1"), Cancel);
        await store.WriteAsync("stays", Bytes("2"), Cancel);
        await store.RemoveAsync("gone", Cancel);
        await store.RemoveAsync("never was", Cancel);
        Assert.Null(await store.ReadAsync("gone", Cancel));
        store = await RestartAsync();
        Assert.Null(await store.ReadAsync("gone", Cancel));
        Assert.Equal(["stays"], store.Keys(""));
    }

    [Fact]
    public async Task RemoveAsync_ThenWrite_IsThereAgain()
    {
        var store = await StoreAsync();
        await store.WriteAsync("key", Bytes("1"), Cancel);
        await store.RemoveAsync("key", Cancel);
        await store.WriteAsync("key", Bytes("2"), Cancel);
        store = await RestartAsync();
        Assert.Equal(Bytes("2"), await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Keys_ByPrefix_AreOrdinal()
    {
        var store = await StoreAsync();
        foreach (var key in new[] { "user/1", "user/2", "User/3", "users", "product/1" })
        {
            await store.WriteAsync(key, Bytes(key), Cancel);
        }

        Assert.Equal(["user/1", "user/2"], store.Keys("user/").Order(StringComparer.Ordinal));
        Assert.Equal(5, store.Keys("").Count);
        Assert.Empty(store.Keys("nothing"));
    }

    [Fact]
    public async Task WriteAsync_ManyAtOnce_AllAreThere()
    {
        var store = await StoreAsync();
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => store.WriteAsync($"key/{i}", Bytes($"value {i}"), Cancel).AsTask()));
        store = await RestartAsync();
        Assert.Equal(1_000, store.Keys("key/").Count);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(Bytes($"value {i}"), await store.ReadAsync($"key/{i}", Cancel));
        }
    }

    [Fact]
    public async Task ReadAsync_AnswerChangedByCaller_StoreKeepsItsOwn()
    {
        var store = await StoreAsync();
        var written = Bytes("abc");
        await store.WriteAsync("key", written, Cancel);
        written[0] = 0;
        var read = await store.ReadAsync("key", Cancel);
        Assert.Equal(Bytes("abc"), read);
        read![1] = 0;
        Assert.Equal(Bytes("abc"), await store.ReadAsync("key", Cancel));
    }
}
