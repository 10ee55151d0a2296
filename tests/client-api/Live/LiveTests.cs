using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Reco.ClientApi.Live;
using Reco.ClientApi.Tests.Hosting;
using Reco.Testing;

namespace Reco.ClientApi.Tests.Live;

public sealed class LiveTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Live_EachSecond_SendsTheShop()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Top = [Samples.Ranked];
        host.Grains.Model = Samples.Trained;
        await using var client = await Follower.OpenAsync(host);

        var first = await client.NextAsync();
        Assert.Equal("stats", first.EventType);
        Assert.Equal("2026-01-05T12:00:00+00:00", first.Data.GetProperty("stream_time").GetString());
        Assert.Equal(1, first.Data.GetProperty("totals").GetProperty("view").GetInt64());
        Assert.Equal("p-1", first.Data.GetProperty("trending")[0].GetProperty("product_id").GetString());
        Assert.Equal(4, first.Data.GetProperty("model").GetProperty("version").GetInt64());

        host.Grains.Shop = Samples.Shop with { Revenue = 500 };
        var second = client.NextAsync();
        host.Time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(second.IsCompleted);
        host.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(500, (await second).Data.GetProperty("revenue").GetDecimal());
    }

    [Fact]
    public async Task Live_TwoClientsInOneSecond_AskTheGrainsOnce()
    {
        await using var host = await ApiHost.StartAsync();
        await using var one = await Follower.OpenAsync(host);
        await one.NextAsync();
        await using var two = await Follower.OpenAsync(host);
        await two.NextAsync();

        Assert.Single(host.Grains.Asked, asked => asked.Question is "shop-stats");
    }

    [Fact]
    public async Task Live_ClientGoes_FreesItsPlace()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Api:LiveClientsMax"] = "1" });
        var places = host.Services.GetRequiredService<LiveClients>();
        var first = await Follower.OpenAsync(host);
        await first.NextAsync();
        Assert.Equal(1, places.Count);

        var refused = await host.Client.GetAsync("/live", Cancelled);
        Assert.NotNull(refused.Headers.RetryAfter);
        await ApiHost.ReadAsync(refused, HttpStatusCode.ServiceUnavailable);

        await first.DisposeAsync();
        await Deadline.Until(() => places.Count == 0, "the place is free");
        await using var second = await Follower.OpenAsync(host);
        await second.NextAsync();
    }

    [Fact]
    public async Task Live_SnapshotTimesOut_TheNextSecondBringsAnother()
    {
        await using var host = await ApiHost.StartAsync();
        await using var client = await Follower.OpenAsync(host);
        await client.NextAsync();
        var asked = host.Grains.Asked.Count;

        host.Grains.Failure = new TimeoutException("a grain took too long");
        var next = client.NextAsync();
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await Deadline.Until(() => host.Grains.Asked.Count > asked, "the snapshot that fails");
        Assert.False(next.IsCompleted);

        host.Grains.Failure = null;
        await Deadline.Until(
            () =>
            {
                host.Time.Advance(TimeSpan.FromSeconds(1));
                return next.IsCompleted;
            },
            "the snapshot after it");
        Assert.Equal("stats", (await next).EventType);
    }

    [Fact]
    public async Task Live_HostStops_EndsTheStream()
    {
        await using var host = await ApiHost.StartAsync();
        await using var client = await Follower.OpenAsync(host);
        await client.NextAsync();

        host.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();

        Assert.True(await client.EndsAsync().Within("the end of the stream"));
    }

    /// <summary>A client of the stream.</summary>
    private sealed class Follower(HttpResponseMessage response, IAsyncEnumerator<SseItem<JsonElement>> items) : IAsyncDisposable
    {
        public static async Task<Follower> OpenAsync(ApiHost host)
        {
            var response = await host.Client.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead, Cancelled);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
            var parser = SseParser.Create(
                await response.Content.ReadAsStreamAsync(Cancelled), (_, data) => JsonDocument.Parse(data.ToArray()).RootElement);
            return new Follower(response, parser.EnumerateAsync(Cancelled).GetAsyncEnumerator(Cancelled));
        }

        public async Task<SseItem<JsonElement>> NextAsync()
        {
            Assert.True(await items.MoveNextAsync().AsTask().Within("the next event of the stream"));
            return items.Current;
        }

        public async Task<bool> EndsAsync() => !await items.MoveNextAsync();

        public ValueTask DisposeAsync()
        {
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
