using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Reco.ClientApi.Tests.Hosting;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Testing;

namespace Reco.ClientApi.Tests.Serving;

public sealed class RecommendationCacheTests
{
    private const string Key = "recommendations:u-1";

    private static readonly RecommendationAnswer Model = new() { ModelVersion = 3, Items = [Samples.Recommendations.Items[0]], Revision = "r1" };

    private static readonly RecommendationAnswer WithTrending = Samples.Recommendations with { Revision = "r1" };

    private readonly FakeCache _cache = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_SecondTime_IsTheFirstAnswerByteForByteAndSaysHit()
    {
        await using var host = await StartAsync(Model);
        var (first, firstSays) = await GetAsync(host);
        await CachedAsync("r1");
        host.Time.Advance(TimeSpan.FromMinutes(30));
        var (second, secondSays) = await GetAsync(host);

        Assert.Equal(("miss", "hit"), (firstSays, secondSays));
        Assert.Equal(first, second);
        Assert.Equal("r1", host.Grains.LastAsked<RecommendationQuery>().UnlessRevision);
        JsonAsserts.Equal(
            """
            {"user_id":"u-1","model_version":3,"generated_at":"2026-01-05T12:00:00+00:00","revision":"r1","items":[
              {"product_id":"p-1","name":"Running shoes","category":"sports","price":79.90,"score":0.75,"source":"als","reason":"because you bought Socks",
               "contributions":[{"product_id":"p-9","name":"Socks","because":"purchase","value":0.5}]}]}
            """,
            JsonDocument.Parse(second).RootElement);
        Assert.Equal(TimeSpan.FromHours(1), _cache.Documents[Key].TimeToLive);
    }

    [Fact]
    public async Task Get_WhatThisGatewayAnswered_NeedsNoCache()
    {
        await using var host = await StartAsync(Model);
        await GetAsync(host);
        Assert.Equal(1, _cache.Reads);
        Assert.Equal("hit", (await GetAsync(host)).Says);

        // Nor when it is no longer true: the grain has said so in the call that computed it.
        host.Grains.Recommendations = Model with { Revision = "r2" };
        Assert.Equal("miss", (await GetAsync(host)).Says);
        Assert.Equal("hit", (await GetAsync(host)).Says);
        Assert.Equal(1, _cache.Reads);

        _cache.IsAvailable = false;
        Assert.Equal("hit", (await GetAsync(host)).Says);
    }

    [Fact]
    public async Task Get_WhatAnotherGatewayAnswered_IsReadFromTheCacheOnce()
    {
        await using var host = await StartAsync(Model);
        _cache.Put(Key, """{"revision":"r1","items":[]}""");
        Assert.Equal(("""{"revision":"r1","items":[]}""", "hit"), await GetAsync(host));
        Assert.Equal(("""{"revision":"r1","items":[]}""", "hit"), await GetAsync(host));
        Assert.Equal(1, _cache.Reads);
    }

    [Fact]
    public async Task Get_MemoryFull_ReadsTheCacheForWhoWasPushedOut()
    {
        await using var host = await StartAsync(Model, new() { ["ServingCache:MemoryDocuments"] = "1" });
        await GetAsync(host);
        await CachedAsync("r1");
        await host.GetAsync("/recommendations/u-2");
        Assert.Equal("hit", (await GetAsync(host)).Says);
        Assert.Equal(3, _cache.Reads);
    }

    [Fact]
    public async Task Get_AfterTheUsersRevisionChanged_IsComputedAndCachedAnew()
    {
        await using var host = await StartAsync(Model);
        await GetAsync(host);
        await CachedAsync("r1");

        host.Grains.Recommendations = Model with { Revision = "r2", Items = [] };
        var (body, says) = await GetAsync(host);

        Assert.Equal("miss", says);
        Assert.Equal("r2", JsonDocument.Parse(body).RootElement.GetProperty("revision").GetString());
        await CachedAsync("r2");
        Assert.Equal("hit", (await GetAsync(host)).Says);
    }

    [Theory]
    [InlineData("?limit=5")]
    [InlineData("?category=sports")]
    [InlineData("?min_price=1")]
    [InlineData("?exclude_purchased=false")]
    [InlineData("?exclude_seen=false")]
    [InlineData("?explain=true")]
    public async Task Get_OtherParameters_IsComputedAndNotCached(string query)
    {
        await using var host = await StartAsync(Model);
        _cache.Put(Key, """{"revision":"r1","items":[]}""");
        var before = _cache.Documents[Key];

        var (body, says) = await GetAsync(host, query);

        Assert.Equal("miss", says);
        Assert.Contains("p-1", body, StringComparison.Ordinal);
        Assert.Null(host.Grains.LastAsked<RecommendationQuery>().UnlessRevision);
        Assert.Equal(before, _cache.Documents[Key]);
        Assert.Empty(_cache.Writes);
    }

    [Fact]
    public async Task Get_DefaultsSpelledOut_IsTheSameQuestion()
    {
        await using var host = await StartAsync(Model);
        await GetAsync(host);
        await CachedAsync("r1");
        Assert.Equal("hit", (await GetAsync(host, "?limit=10&explain=false&exclude_seen=true")).Says);
    }

    [Fact]
    public async Task Get_UserWithoutEvents_LeavesNothingInTheCache()
    {
        await using var host = await StartAsync(Samples.Recommendations);
        await GetAsync(host);
        Assert.Equal("miss", (await GetAsync(host)).Says);

        // A document that is written after would have been written by the same queue.
        host.Grains.Recommendations = Model;
        await host.GetAsync("/recommendations/u-2");
        await Deadline.Until(() => _cache.Documents.ContainsKey("recommendations:u-2"), "the other user's document");
        Assert.False(_cache.Documents.ContainsKey(Key));
    }

    [Fact]
    public async Task Get_WithTrendingProducts_IsAnsweredFromTheCacheForTenSecondsOnly()
    {
        await using var host = await StartAsync(WithTrending);
        await GetAsync(host);
        await CachedAsync("r1");
        host.Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.Equal("hit", (await GetAsync(host)).Says);

        host.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("miss", (await GetAsync(host)).Says);
        Assert.Null(host.Grains.LastAsked<RecommendationQuery>().UnlessRevision);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"revision":""")]
    [InlineData("""{"revision":7,"items":[]}""")]
    [InlineData("""{"fresh_until":"soon","revision":"r1","items":[]}""")]
    [InlineData("""{"items":[]}""")]
    public async Task Get_DocumentOfAnotherProgram_IsComputedAndReplaced(string json)
    {
        await using var host = await StartAsync(Model);
        _cache.Put(Key, json);
        Assert.Equal("miss", (await GetAsync(host)).Says);
        await CachedAsync("r1");
    }

    [Fact]
    public async Task Get_CacheAway_IsNotAskedAndTheAnswerIsComputed()
    {
        await using var host = await StartAsync(Model);
        _cache.Put(Key, """{"revision":"r1","items":[]}""");
        _cache.IsAvailable = false;
        var (body, says) = await GetAsync(host);
        Assert.Equal("miss", says);
        Assert.Contains("p-1", body, StringComparison.Ordinal);
        Assert.False(_cache.Asked.Task.IsCompleted);
        Assert.Empty(_cache.Writes);
    }

    [Fact]
    public async Task Get_CacheFails_TheAnswerIsComputedAndTheWriterGoesOnAfterwards()
    {
        await using var host = await StartAsync(Model);
        _cache.Failure = new ServingCacheException("Redis answers: OOM. Raise its maxmemory.");
        Assert.Equal("miss", (await GetAsync(host)).Says);
        Assert.Equal("hit", (await GetAsync(host)).Says);

        _cache.Failure = null;
        host.Grains.Recommendations = Model with { Revision = null };
        Assert.Equal("miss", (await GetAsync(host)).Says);
        host.Grains.Recommendations = Model with { Revision = "r2" };
        await Deadline.Until(
            async () =>
            {
                await GetAsync(host);
                return _cache.Documents.ContainsKey(Key);
            },
            "writing goes on");
    }

    [Fact]
    public async Task Get_CacheSlow_IsComputedAfterTheReadTimeout()
    {
        await using var host = await StartAsync(Model);
        _cache.Held = new TaskCompletionSource();
        var answer = GetAsync(host);
        await _cache.Asked.Task.Within("the read");
        await Deadline.Until(
            () =>
            {
                host.Time.Advance(TimeSpan.FromMilliseconds(20));
                return answer.IsCompleted;
            },
            "the answer without the cache");
        Assert.Equal("miss", (await answer).Says);
        _cache.Held.SetResult();
    }

    /// <summary>Shoppers with events since their documents were written, and then one without.</summary>
    [Fact]
    public async Task Get_NothingCachedIsTrueForLong_HardlyAsksUntilSomethingIsAgain()
    {
        await using var host = await StartAsync(Model, new() { ["ServingCache:MemoryDocuments"] = "1" });
        for (var i = 0; i < 200; i++)
        {
            _cache.Put($"recommendations:v-{i}", """{"revision":"r0","items":[]}""");
            await host.GetAsync($"/recommendations/v-{i}");
        }

        Assert.InRange(_cache.Reads, 130, 160);
        _cache.Put(Key, """{"revision":"r1","items":[]}""");
        await Deadline.Until(
            async () =>
            {
                await host.GetAsync("/recommendations/v-0"); // Takes the only place in memory.
                return (await GetAsync(host)).Says == "hit";
            },
            "a trial finds it");
    }

    [Fact]
    public async Task Get_WhenSwitchedOff_IsComputedAndStillCached()
    {
        await using var host = await StartAsync(Model, new() { ["ServingCache:Answers"] = "false" });
        await GetAsync(host);
        await CachedAsync("r1");
        Assert.Equal("miss", (await GetAsync(host)).Says);
    }

    [Fact]
    public async Task Writer_WhileAWriteIsUnderWay_GathersAndDropsTheOldestWhenFull()
    {
        await using var host = await StartAsync(Model, new() { ["ServingCache:WriteQueueDocuments"] = "3", ["ServingCache:Answers"] = "false" });
        _cache.Held = new TaskCompletionSource();
        for (var user = 0; user < 6; user++)
        {
            await host.GetAsync($"/recommendations/v-{user}");
            await host.GetAsync($"/recommendations/v-{user}");
        }

        _cache.Held.SetResult();
        await Deadline.Until(() => _cache.Documents.ContainsKey("recommendations:v-5"), "the newest");

        // v-0 may have been taken by the write that was held, alone or with some behind it; never are more than three waiting.
        Assert.All((string[])["v-3", "v-4"], user => Assert.Contains($"recommendations:{user}", _cache.Documents.Keys));
        Assert.Equal(3, _cache.Writes.Last());
    }

    [Fact]
    public async Task Writer_WithinTheInterval_WritesTogetherAndTheNewest()
    {
        await using var host = await StartAsync(Model, new() { ["ServingCache:WriteIntervalMilliseconds"] = "100" });
        await host.GetAsync("/recommendations/v-0");
        await Deadline.Until(() => _cache.Documents.ContainsKey("recommendations:v-0"), "the first, which goes at once");
        await host.GetAsync("/recommendations/v-1");
        await GetAsync(host);
        host.Grains.Recommendations = Model with { Revision = "r2" };
        await GetAsync(host);
        Assert.Equal([1], _cache.Writes);
        await Deadline.Until(
            () =>
            {
                host.Time.Advance(TimeSpan.FromMilliseconds(10));
                return _cache.Documents.ContainsKey(Key);
            },
            "the others");
        Assert.Equal([1, 2], _cache.Writes);
        await CachedAsync("r2");
    }

    [Fact]
    public async Task Get_WithoutACacheOfTheHost_AnswersFromMemory()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Recommendations = Model;
        await GetAsync(host);
        await Deadline.Until(async () => (await GetAsync(host)).Says == "hit", "a hit");
    }

    private async Task<ApiHost> StartAsync(RecommendationAnswer answer, Dictionary<string, string?>? settings = null)
    {
        // The clock stands still: without a pause unless a test is about it.
        settings = new(settings ?? []);
        settings.TryAdd("ServingCache:WriteIntervalMilliseconds", "0");
        var host = await ApiHost.StartAsync(settings, services => services.Replace(ServiceDescriptor.Singleton<IServingCache>(_cache)));
        host.Grains.Recommendations = answer;
        return host;
    }

    private static async Task<(string Body, string Says)> GetAsync(ApiHost host, string query = "")
    {
        using var answer = await host.Client.GetAsync($"/recommendations/u-1{query}", Cancel);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return (await answer.Content.ReadAsStringAsync(Cancel), answer.Headers.GetValues("Reco-Cache").Single());
    }

    private Task CachedAsync(string revision) => Deadline.Until(
        () => _cache.Documents.TryGetValue(Key, out var document)
            && System.Text.Encoding.UTF8.GetString(document.Json.Span).Contains($"\"revision\":\"{revision}\"", StringComparison.Ordinal),
        $"the document of {revision}");
}
