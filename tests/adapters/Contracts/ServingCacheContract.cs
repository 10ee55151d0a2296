using System.Text;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Contracts;

/// <summary>What every serving cache does. A test gets an empty one of its own.</summary>
public abstract class ServingCacheContract : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    protected abstract Task<IServingCache> CacheAsync();

    /// <summary>Waits, or lets the time pass, until what lives for this long is over.</summary>
    protected abstract Task PassAsync(TimeSpan timeToLive, Func<Task<bool>> isOver);

    public abstract ValueTask DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_UnknownKey_AnswersNullAndNoMembers()
    {
        var cache = await CacheAsync();
        Assert.Null(await cache.ReadAsync("nobody", Cancel));
        Assert.Empty(await cache.ReadRankingAsync("nothing", 10, Cancel));
        Assert.True(cache.IsAvailable);
        Assert.Null(cache.Problem);
        Assert.Equal(1, cache.Generation);
    }

    [Theory]
    [InlineData("recommendations:user_000001", "{\"items\":[]}")]
    [InlineData("recommendations:Zoë O'Hara \r\n*1", "{\"naïve\":\"✓\"}")]
    [InlineData("user-stats:", "")]
    public async Task Write_ThenRead_AnswersTheBytes(string key, string json)
    {
        var cache = await CacheAsync();
        await WriteAsync(cache, (key, json));
        Assert.Equal(json, await ReadAsync(cache, key));
    }

    [Fact]
    public async Task Write_LargeDocument_IsKeptWhole()
    {
        var cache = await CacheAsync();
        var json = new string('x', 3_000_000);
        await WriteAsync(cache, ("large", json), ("next", "small"));
        Assert.Equal(json, await ReadAsync(cache, "large"));
        Assert.Equal("small", await ReadAsync(cache, "next"));
    }

    [Fact]
    public async Task Write_AgainUnderAKey_ReplacesDocumentAndTimeToLive()
    {
        var cache = await CacheAsync();
        var moment = TimeSpan.FromMilliseconds(50);
        await cache.WriteAsync(new ServingWrites { Documents = [Document("renewed", "old", moment), Document("left", "old", moment)] }, Cancel);
        await cache.WriteAsync(new ServingWrites { Documents = [Document("renewed", "new", Hour)] }, Cancel);

        await PassAsync(moment, async () => await cache.ReadAsync("left", Cancel) is null);

        Assert.Null(await cache.ReadAsync("left", Cancel));
        Assert.Equal("new", await ReadAsync(cache, "renewed"));
    }

    [Fact]
    public async Task Read_AfterItsTime_AnswersNoneAndNoneBefore()
    {
        var cache = await CacheAsync();
        var moment = TimeSpan.FromMilliseconds(100);
        await cache.WriteAsync(
            new ServingWrites
            {
                Documents = [Document("short", "a", moment), Document("long", "a", Hour)],
                Rankings = [new ServingRanking("short-ranking", [new RankedMember("p", 1)], moment), new ServingRanking("long-ranking", [new RankedMember("p", 1)], Hour)],
            },
            Cancel);

        await PassAsync(
            moment, async () => await cache.ReadAsync("short", Cancel) is null && (await cache.ReadRankingAsync("short-ranking", 1, Cancel)).Count == 0);

        Assert.Null(await cache.ReadAsync("short", Cancel));
        Assert.Empty(await cache.ReadRankingAsync("short-ranking", 1, Cancel));
        Assert.Equal("a", await ReadAsync(cache, "long"));
        Assert.Single(await cache.ReadRankingAsync("long-ranking", 1, Cancel));
    }

    [Fact]
    public async Task ReadRanking_AnyOrderWritten_IsByScoreAndThenById()
    {
        var cache = await CacheAsync();
        RankedMember[] members = [new("b", 1.5), new("ä", 0.1 + 0.2), new("a", 1.5), new("z", -3), new("top", 1e300), new("tiny", 5e-324)];
        await WriteAsync(cache, new ServingRanking("trending", members, Hour));

        Assert.Equal(["top", "b", "a", "ä", "tiny", "z"], (await cache.ReadRankingAsync("trending", 10, Cancel)).Select(m => m.ProductId));
        Assert.Equal([1e300, 1.5], (await cache.ReadRankingAsync("trending", 2, Cancel)).Select(m => m.Score));
        Assert.Equal(0.1 + 0.2, (await cache.ReadRankingAsync("trending", 10, Cancel))[3].Score);
    }

    [Fact]
    public async Task WriteRanking_Again_LeavesNothingOfTheOldOne()
    {
        var cache = await CacheAsync();
        await WriteAsync(cache, new ServingRanking("popular", [new("old", 9), new("kept", 1)], Hour));
        await WriteAsync(cache, new ServingRanking("popular", [new("kept", 2)], Hour));
        Assert.Equal([new RankedMember("kept", 2)], await cache.ReadRankingAsync("popular", 10, Cancel));

        await WriteAsync(cache, new ServingRanking("popular", [], Hour));
        Assert.Empty(await cache.ReadRankingAsync("popular", 10, Cancel));
    }

    [Fact]
    public async Task Read_ARankingAsADocumentOrTheReverse_Throws()
    {
        var cache = await CacheAsync();
        await WriteAsync(cache, new ServingRanking("ranking", [new("a", 1)], Hour));
        await WriteAsync(cache, ("document", "{}"));

        await Assert.ThrowsAsync<ServingCacheException>(() => cache.ReadAsync("ranking", Cancel).AsTask());
        await Assert.ThrowsAsync<ServingCacheException>(() => cache.ReadRankingAsync("document", 1, Cancel).AsTask());

        await WriteAsync(cache, ("ranking", "now a document"));
        Assert.Equal("now a document", await ReadAsync(cache, "ranking"));
    }

    [Fact]
    public async Task Write_AThousandKeysAtOnce_AreAllThere()
    {
        var cache = await CacheAsync();
        var documents = Enumerable.Range(0, 1_000).Select(i => Document($"recommendations:user-{i}", $"{{\"n\":{i}}}", Hour)).ToArray();
        await cache.WriteAsync(new ServingWrites { Documents = documents }, Cancel);
        foreach (var document in documents)
        {
            Assert.Equal(Encoding.UTF8.GetString(document.Json.Span), await ReadAsync(cache, document.Key));
        }
    }

    [Fact]
    public async Task Write_Nothing_IsNothing()
    {
        var cache = await CacheAsync();
        await cache.WriteAsync(new ServingWrites(), Cancel);
        Assert.True(cache.IsAvailable);
    }

    [Fact]
    public async Task ReadsAndWrites_FromManySides_SeeWholeRankingsOnly()
    {
        var cache = await CacheAsync();
        var rankings = Enumerable.Range(1, 20).Select(n => Enumerable.Range(0, n).Select(i => new RankedMember($"{n}-{i}", n)).ToArray()).ToArray();
        await WriteAsync(cache, new ServingRanking("trending", rankings[0], Hour));
        var writing = Task.Run(async () =>
        {
            for (var round = 0; round < 200; round++)
            {
                await WriteAsync(cache, new ServingRanking("trending", rankings[round % 20], Hour));
            }
        }, Cancel);

        while (!writing.IsCompleted)
        {
            var seen = await cache.ReadRankingAsync("trending", 100, Cancel);
            Assert.Equal(seen.Count, (int)seen[0].Score);
            Assert.All(seen, member => Assert.Equal(seen[0].Score, member.Score));
        }

        await writing.Within("writing");
    }

    protected static ServingDocument Document(string key, string json, TimeSpan timeToLive) => new(key, Encoding.UTF8.GetBytes(json), timeToLive);

    private static async Task WriteAsync(IServingCache cache, params (string Key, string Json)[] documents) =>
        await cache.WriteAsync(new ServingWrites { Documents = [.. documents.Select(d => Document(d.Key, d.Json, Hour))] }, Cancel);

    private static async Task WriteAsync(IServingCache cache, ServingRanking ranking) =>
        await cache.WriteAsync(new ServingWrites { Rankings = [ranking] }, Cancel);

    private static async Task<string?> ReadAsync(IServingCache cache, string key) =>
        await cache.ReadAsync(key, Cancel) is { } json ? Encoding.UTF8.GetString(json.Span) : null;
}
