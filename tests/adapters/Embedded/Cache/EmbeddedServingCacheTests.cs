using Reco.Adapters.Embedded.Cache;
using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;
using Reco.Core.Serving;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.Cache;

public sealed class EmbeddedServingCacheContractTests : ServingCacheContract
{
    private readonly ManualTimeProvider _time = new();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override Task<IServingCache> CacheAsync() => Task.FromResult<IServingCache>(new EmbeddedServingCache(new ServingCacheOptions(), _time));

    /// <summary>To the tick: a tick before, nothing is over.</summary>
    protected override async Task PassAsync(TimeSpan timeToLive, Func<Task<bool>> isOver)
    {
        _time.Advance(timeToLive - TimeSpan.FromTicks(1));
        Assert.False(await isOver());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(await isOver());
    }
}

public sealed class EmbeddedServingCacheTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_BeyondTheDocuments_DropsTheLeastRecentlyUsed()
    {
        var cache = new EmbeddedServingCache(new ServingCacheOptions { MemoryDocuments = 3 }, new ManualTimeProvider());
        await WriteAsync(cache, "a", "b", "c");
        Assert.NotNull(await cache.ReadAsync("a", Cancel));
        await WriteAsync(cache, "d");

        Assert.Null(await cache.ReadAsync("b", Cancel));
        foreach (var kept in (string[])["a", "c", "d"])
        {
            Assert.NotNull(await cache.ReadAsync(kept, Cancel));
        }

        Assert.Equal(3, cache.Count);
    }

    [Fact]
    public async Task Write_BeyondTheBytes_StaysWithinThem()
    {
        var cache = new EmbeddedServingCache(new ServingCacheOptions { MemoryBytes = 65_536 }, new ManualTimeProvider());
        for (var i = 0; i < 1_000; i++)
        {
            await WriteAsync(cache, $"key-{i}");
            Assert.InRange(cache.Bytes, 1, 65_536);
        }

        Assert.NotNull(await cache.ReadAsync("key-999", Cancel));
        Assert.Null(await cache.ReadAsync("key-0", Cancel));
        await cache.WriteAsync(new ServingWrites { Documents = [new ServingDocument("huge", new byte[70_000], TimeSpan.FromHours(1))] }, Cancel);
        Assert.Null(await cache.ReadAsync("huge", Cancel));
        Assert.NotNull(await cache.ReadAsync("key-999", Cancel));
    }

    [Fact]
    public async Task RandomUse_AgainstANaiveList_KeepsTheSame()
    {
        const int Room = 8;
        var time = new ManualTimeProvider();
        var cache = new EmbeddedServingCache(new ServingCacheOptions { MemoryDocuments = Room }, time);
        var random = new Random(7);
        var oracle = new List<(string Key, byte Value, DateTimeOffset Ends)>();
        for (var step = 0; step < 20_000; step++)
        {
            var key = $"key-{random.Next(14)}";
            time.Advance(TimeSpan.FromSeconds(random.Next(3)));
            var known = oracle.FindIndex(e => e.Key == key);
            if (random.Next(2) == 0)
            {
                var life = TimeSpan.FromSeconds(1 + random.Next(30));
                await cache.WriteAsync(new ServingWrites { Documents = [new ServingDocument(key, new[] { (byte)step }, life)] }, Cancel);
                if (known >= 0)
                {
                    oracle.RemoveAt(known);
                }

                oracle.Add((key, (byte)step, time.GetUtcNow() + life));
                if (oracle.Count > Room)
                {
                    oracle.RemoveAt(0);
                }

                continue;
            }

            byte? expected = null;
            if (known >= 0)
            {
                var entry = oracle[known];
                oracle.RemoveAt(known);
                if (entry.Ends > time.GetUtcNow())
                {
                    oracle.Add(entry);
                    expected = entry.Value;
                }
            }

            Assert.Equal(expected, (await cache.ReadAsync(key, Cancel))?.Span[0]);
        }
    }

    private static async Task WriteAsync(EmbeddedServingCache cache, params string[] keys) =>
        await cache.WriteAsync(
            new ServingWrites { Documents = [.. keys.Select(key => new ServingDocument(key, new byte[1_000], TimeSpan.FromHours(1)))] }, Cancel);
}
