using System.Net;
using System.Text.Json.Nodes;
using Reco.Adapters.Elasticsearch;
using Reco.Adapters.Elasticsearch.Http;
using Reco.Core.Ports;
using Reco.Testing.Elasticsearch;

namespace Reco.Adapters.Tests.Elasticsearch;

public sealed class ElasticsearchClientTests : IAsyncLifetime
{
    private StubElasticsearch? _stub;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StubElasticsearch Stub => _stub!;

    public async ValueTask InitializeAsync() => _stub = await StubElasticsearch.StartAsync();

    public ValueTask DisposeAsync() => _stub?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Send_ServerBusy_TriesAgain(int status)
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url);
        Stub.Fail(_ => true, 2, status, "<html>busy</html>");
        Assert.Empty(await elasticsearch.Builder.ListAsync(Token));
        Assert.Equal(3, Stub.Requests.Count);
    }

    [Fact]
    public async Task Send_ServerBusyForGood_SaysSoAfterTheLastRetry()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url, options => options.RetriesMax = 2);
        Stub.Fail(_ => true, 100, 503, """{"error":{"type":"cluster_block_exception","reason":"blocked","caused_by":{"type":"x","reason":"disk full"}},"status":503}""");
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(() => elasticsearch.Builder.ListAsync(Token));
        Assert.Equal(3, Stub.Requests.Count);
        Assert.True(thrown.IsTransient);
        Assert.Contains("cluster_block_exception: blocked (disk full)", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_Refused_IsNotTriedAgain()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url);
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(
            () => elasticsearch.Client.SendAsync(HttpMethod.Put, "products-x", new JsonObject { ["setings"] = 1 }, Token));
        Assert.Single(Stub.Requests);
        Assert.False(thrown.IsTransient);
        Assert.Contains("unknown field [setings]", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_WrongPassword_SaysWhichSettingsToCheck()
    {
        Stub.Authorization = "Basic " + Convert.ToBase64String("reco:s3cret"u8);
        using var right = new TestElasticsearch(Stub.Url, options => (options.Username, options.Password) = ("reco", "s3cret"));
        Assert.Empty(await right.Builder.ListAsync(Token));

        using var wrong = new TestElasticsearch(Stub.Url, options => (options.Username, options.Password) = ("reco", "guess"));
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(() => wrong.Builder.ListAsync(Token));
        Assert.Equal(HttpStatusCode.Unauthorized, thrown.Status);
        Assert.Contains("Elasticsearch:Username", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guess", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ApiKey_IsSent()
    {
        Stub.Authorization = "ApiKey a2V5";
        using var elasticsearch = new TestElasticsearch(Stub.Url, options => options.ApiKey = "a2V5");
        Assert.Empty(await elasticsearch.Builder.ListAsync(Token));
    }

    [Fact]
    public async Task Send_NoAnswer_TimesOut()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url, options => (options.RequestTimeoutSeconds, options.RetriesMax) = (0.1, 1));
        Stub.Fail(_ => true, 2, context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(() => elasticsearch.Builder.ListAsync(Token));
        Assert.Contains("within 0.1 s", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(2, Stub.Requests.Count);
    }

    [Fact]
    public async Task Search_NoAnswer_EndsAtTheSearchTimeout()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url, options => options.SearchTimeoutSeconds = 0.1);
        Stub.Fail(_ => true, 1, context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(async () => await elasticsearch.Index.SearchAsync(new SearchQuery(), Token));
        Assert.True(thrown.IsTransient);
    }

    [Fact]
    public async Task Send_Cancelled_StopsAtOnce()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Stub.Fail(_ => true, 1, async context =>
        {
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => elasticsearch.Builder.ListAsync(cancelled.Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_AnswerBeyondItsBound_IsNotRead(bool saysItsLength)
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url, options => options.ResponseBytesMax = 64 << 10);
        Stub.Fail(_ => true, 1, async context =>
        {
            context.Response.ContentLength = saysItsLength ? 1 << 20 : null;
            await context.Response.Body.WriteAsync(new byte[1 << 20], context.RequestAborted);
        });
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(() => elasticsearch.Builder.ListAsync(Token));
        Assert.Contains("ResponseBytesMax", thrown.Message, StringComparison.Ordinal);
        Assert.Single(Stub.Requests);
    }

    [Fact]
    public async Task Send_AnswerThatIsNoJson_SaysThatThisIsNoElasticsearch()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url);
        Stub.Fail(_ => true, 1, 200, "<html>Welcome to nginx</html>");
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(() => elasticsearch.Builder.ListAsync(Token));
        Assert.Contains("is not Elasticsearch", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_NobodyThere_SaysWhere()
    {
        var url = Stub.Url;
        await Stub.DisposeAsync();
        using var elasticsearch = new TestElasticsearch(url, options => options.RetriesMax = 1);
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(() => elasticsearch.Builder.ListAsync(Token));
        Assert.Contains(url, thrown.Message, StringComparison.Ordinal);
        Assert.True(thrown.IsTransient);
    }

    [Theory]
    [InlineData(0, null, 100)]
    [InlineData(1, null, 200)]
    [InlineData(3, null, 800)]
    [InlineData(3, 0.1, 800)]
    [InlineData(0, 3.0, 3_000)]
    [InlineData(0, 999.0, 10_000)]
    [InlineData(1_000, null, 10_000)]
    [InlineData(0, -5.0, 100)]
    public void Before_EachRetry_DoublesAndHeedsTheServer(int retry, double? serverAsksSeconds, double delayMs) =>
        Assert.Equal(delayMs, RetryDelays.Before(
            retry, serverAsksSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, new ElasticsearchOptions()).TotalMilliseconds);

    [Fact]
    public async Task Send_RetryAfter_IsWaitedFor()
    {
        var time = new SkippedDelays(TimeSpan.FromSeconds(17));
        using var elasticsearch = new TestElasticsearch(Stub.Url, options => options.RetryDelayMaxMs = 60_000, time);
        Stub.Fail(_ => true, 1, 429, "", retryAfter: "17");
        Assert.Empty(await elasticsearch.Builder.ListAsync(Token));
        Assert.Equal(1, time.Skipped);
    }

    /// <summary>Waits of this length are over at once, and counted.</summary>
    private sealed class SkippedDelays(TimeSpan length) : TimeProvider
    {
        public int Skipped { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Skipped += dueTime == length ? 1 : 0;
            return base.CreateTimer(callback, state, dueTime == length ? TimeSpan.Zero : dueTime, period);
        }
    }
}
