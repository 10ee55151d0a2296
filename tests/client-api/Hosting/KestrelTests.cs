using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Reco.ClientApi.Tests.Events;

namespace Reco.ClientApi.Tests.Hosting;

/// <summary>What only a real server does: limits at the socket, real addresses.</summary>
public sealed class KestrelTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData((1024 * 1024) + 1, false)]
    [InlineData((1024 * 1024) + 1, true)]
    [InlineData(3 * 1024 * 1024, false)]
    [InlineData(3 * 1024 * 1024, true)]
    public async Task Events_BodyTooLarge_IsAProblemWhicheverLimitSeesItFirst(int bytes, bool chunked)
    {
        var (app, address, log) = await ApiHost.StartKestrelAsync();
        await using var host = app;
        using var client = new HttpClient { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events");
        // The server answers before it has the body: without this the client may still be sending when the connection closes.
        request.Headers.ExpectContinue = true;
        request.Headers.TransferEncodingChunked = chunked;
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(EventTexts.View(1).PadRight(bytes)));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        await ApiHost.ReadAsync(await client.SendAsync(request, Cancelled), HttpStatusCode.RequestEntityTooLarge);
        Assert.Empty(log.Appended);
    }

    [Fact]
    public async Task Events_FullBatch_IsAppended()
    {
        var (app, address, log) = await ApiHost.StartKestrelAsync();
        await using var host = app;
        using var client = new HttpClient { BaseAddress = address };
        using var content = new StringContent(
            $"[{string.Join(",", Enumerable.Range(0, 1_000).Select(number => EventTexts.View(number, timestamp: "2026-01-01T00:00:00Z")))}]",
            Encoding.UTF8,
            "application/json");

        await ApiHost.ReadAsync(await client.PostAsync("/events", content, Cancelled), HttpStatusCode.Accepted);
        Assert.Equal(1_000, log.Appended.Count);
    }

    [Fact]
    public async Task Admin_FromLoopback_IsAnswered()
    {
        var (app, address, _) = await ApiHost.StartKestrelAsync();
        await using var host = app;
        using var client = new HttpClient { BaseAddress = address };

        await ApiHost.ReadAsync(await client.GetAsync("/admin/model", Cancelled), HttpStatusCode.OK);
    }
}
