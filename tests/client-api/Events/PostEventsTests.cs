using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Reco.ClientApi.Tests.Hosting;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Testing;

namespace Reco.ClientApi.Tests.Events;

public sealed class PostEventsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_OneObject_IsAppendedUnderItsUser()
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.PostAsync("/events", EventTexts.View(1), HttpStatusCode.Accepted);

        JsonAsserts.Equal("""{"accepted":1,"rejected":[]}""", answer);
        var (key, value) = Assert.Single(host.Log.Appended);
        Assert.Equal("u-1", key);
        Assert.True(ShopEventJson.TryRead(value, host.Time.GetUtcNow().ToUnixTimeMilliseconds(), null, out var read, out _));
        Assert.Equal("e-1", read.EventId);
        Assert.Equal(value, ShopEventJson.ToUtf8(read));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("{{\"events\":{0}}}")]
    [InlineData("{{\"source\":{{\"events\":1}},\"events\":{0},\"sent_by\":[\"shop\"]}}")]
    [InlineData(" \r\n\t{0}\n ")]
    [InlineData("\uFEFF{0}")]
    public async Task Events_List_IsAppendedInOrder(string envelope)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.PostAsync("/events", string.Format(null, envelope, EventTexts.List(1_000)), HttpStatusCode.Accepted);

        Assert.Equal(1_000, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(
            Enumerable.Range(0, 1_000).Select(number => $"e-{number}"),
            host.Log.Appended.Select(record => JsonDocument.Parse(record.Value).RootElement.GetProperty("event_id").GetString()));
    }

    [Fact]
    public async Task Events_SomeGoodSomeBad_TakesTheGoodAndNamesTheBad()
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.PostAsync(
            "/events",
            $$"""
            [{{EventTexts.View(0)}},
             {"event_id":"e-1","product_id":"p","event_type":"view","timestamp":"2026-01-05T11:59:00Z"},
             {"event_id":"e-2","user_id":"u-1","product_id":"p","event_type":"refund","timestamp":"2026-01-05T11:59:00Z"},
             {{EventTexts.View(3, user: new string('u', 129))}},
             {{EventTexts.View(4, timestamp: "2026-01-05T12:05:01Z")}},
             7,
             {{EventTexts.View(6, user: "u-2")}}]
            """,
            HttpStatusCode.Accepted);

        Assert.Equal(2, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(
            [(1, "user_id"), (2, "event_type"), (3, "user_id"), (4, "timestamp"), (5, "")],
            answer.GetProperty("rejected").EnumerateArray()
                .Select(rejected => (rejected.GetProperty("index").GetInt32(), rejected.GetProperty("field").GetString()!)));
        Assert.All(answer.GetProperty("rejected").EnumerateArray(), rejected => Assert.NotEmpty(rejected.GetProperty("error").GetString()!));
        Assert.Equal(["u-1", "u-2"], host.Log.Appended.Select(record => record.Key));
    }

    [Theory]
    [InlineData("""{"event_id":"e","user_id":"u","event_type":"view","timestamp":"2026-01-05T11:59:00Z"}""", "product_id")]
    [InlineData("""[{"event_id":"e","user_id":"u","product_id":"p","event_type":"teleport","timestamp":"2026-01-05T11:59:00Z"}]""", "event_type")]
    [InlineData("""{"events":[{"event_id":"e","user_id":"u","product_id":"p","event_type":"view","timestamp":"2126-01-05T11:59:00Z"}]}""", "timestamp")]
    [InlineData("""{"user_id":"u","product_id":"p","event_type":"view","timestamp":"2026-01-05T11:59:00Z"}""", "event_id")]
    [InlineData("{}", "event_id")]
    public async Task Events_NoneValid_IsABadRequestWithTheFields(string body, string field)
    {
        await using var host = await ApiHost.StartAsync();

        var problem = await host.PostAsync("/events", body, HttpStatusCode.BadRequest);

        var rejected = Assert.Single(problem.GetProperty("rejected").EnumerateArray());
        Assert.Equal(0, rejected.GetProperty("index").GetInt32());
        Assert.Equal(field, rejected.GetProperty("field").GetString());
        Assert.Empty(host.Log.Appended);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[")]
    [InlineData("nonsense")]
    [InlineData("[{\"event_id\":\"e\"")]
    [InlineData("{\"a\\ud800\":1}")]
    [InlineData("{\"events\":[")]
    [InlineData("{\"events\":[]")]
    public async Task Events_BrokenJson_IsABadRequestThatSaysSo(string body)
    {
        await using var host = await ApiHost.StartAsync();

        var problem = await host.PostAsync("/events", body, HttpStatusCode.BadRequest);

        Assert.True(problem.TryGetProperty("rejected", out _));
        Assert.Empty(host.Log.Appended);
    }

    [Fact]
    public async Task Events_BrokenBehindGoodOnes_TakesNothingAndNamesThePlace()
    {
        await using var host = await ApiHost.StartAsync();

        var problem = await host.PostAsync("/events", $"[{EventTexts.View(0)},{EventTexts.View(1)},{{\"x\":]", HttpStatusCode.BadRequest);

        Assert.Equal(2, Assert.Single(problem.GetProperty("rejected").EnumerateArray()).GetProperty("index").GetInt32());
        Assert.Empty(host.Log.Appended);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"events\":[]}")]
    [InlineData("{\"events\":7}")]
    [InlineData("7")]
    [InlineData("null")]
    public async Task Events_NoList_IsABadRequest(string body)
    {
        await using var host = await ApiHost.StartAsync();

        await host.PostAsync("/events", body, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Events_TrailingText_TakesNothing()
    {
        await using var host = await ApiHost.StartAsync();

        await host.PostAsync("/events", EventTexts.List(2) + "x", HttpStatusCode.BadRequest);
        await host.PostAsync("/events", EventTexts.View(1) + EventTexts.View(2), HttpStatusCode.BadRequest);

        Assert.Empty(host.Log.Appended);
    }

    [Fact]
    public async Task Events_1001_AreRefusedWithTheRule()
    {
        await using var host = await ApiHost.StartAsync();

        var problem = await host.PostAsync("/events", EventTexts.List(1_001), HttpStatusCode.BadRequest);

        Assert.Contains("at most 1000", problem.GetProperty("detail").GetString());
        Assert.Empty(host.Log.Appended);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_BodyOver1MiB_IsRefusedWhetherAnnouncedOrNot(bool announced)
    {
        await using var host = await ApiHost.StartAsync();
        var bytes = Encoding.UTF8.GetBytes(EventTexts.View(1).PadRight((1024 * 1024) + 1));
        using HttpContent content = announced ? new ByteArrayContent(bytes) : new StreamContent(new UnknownLength(bytes));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        var problem = await ApiHost.ReadAsync(
            await host.Client.PostAsync("/events", content, Cancelled), HttpStatusCode.RequestEntityTooLarge);

        Assert.Contains("1 MiB", problem.GetProperty("detail").GetString());
        Assert.Empty(host.Log.Appended);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_BodyOfExactly1MiB_IsTaken(bool announced)
    {
        await using var host = await ApiHost.StartAsync();
        var bytes = Encoding.UTF8.GetBytes(EventTexts.View(1).PadRight(1024 * 1024));
        using HttpContent content = announced ? new ByteArrayContent(bytes) : new StreamContent(new UnknownLength(bytes));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        await ApiHost.ReadAsync(await host.Client.PostAsync("/events", content, Cancelled), HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/xml", null)]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("application/json", "gzip")]
    [InlineData(null, null)]
    public async Task Events_NotPlainJson_IsAnUnsupportedMediaType(string? contentType, string? encoding)
    {
        await using var host = await ApiHost.StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(EventTexts.View(1)));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        await ApiHost.ReadAsync(await host.Client.PostAsync("/events", content, Cancelled), HttpStatusCode.UnsupportedMediaType);
        Assert.Empty(host.Log.Appended);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON; charset=\"UTF-8\"")]
    public async Task Events_JsonInAnySpelling_IsTaken(string contentType)
    {
        await using var host = await ApiHost.StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(EventTexts.View(1)));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        await ApiHost.ReadAsync(await host.Client.PostAsync("/events", content, Cancelled), HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Events_LogRefuses_IsUnavailableWithRetryAfter()
    {
        await using var host = await ApiHost.StartAsync();
        host.Log.Failure = new EventLogException("/secret/journal is full");

        using var request = new StringContent(EventTexts.View(1), Encoding.UTF8, "application/json");
        var response = await host.Client.PostAsync("/events", request, Cancelled);

        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        var problem = await ApiHost.ReadAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.DoesNotContain("secret", problem.GetRawText());
    }

    [Fact]
    public async Task Events_NotYetDurable_AreNotAnswered()
    {
        await using var host = await ApiHost.StartAsync();
        host.Log.Durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var answer = host.PostAsync("/events", EventTexts.View(1), HttpStatusCode.Accepted);
        await host.Log.Asked.Task.Within("the append begins");
        Assert.False(answer.IsCompleted);

        host.Log.Durable.SetResult();
        Assert.Equal(1, (await answer.Within("the answer")).GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task Events_ManyAtOnce_KeepEveryEventsBytesApart()
    {
        await using var host = await ApiHost.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(client => host.PostAsync(
            "/events",
            $"[{string.Join(",", Enumerable.Range(0, 50).Select(number => EventTexts.View(number, user: $"client-{client}")))}]",
            HttpStatusCode.Accepted)));

        Assert.Equal(32 * 50, host.Log.Appended.Count);
        foreach (var group in host.Log.Appended.GroupBy(record => record.Key))
        {
            var events = group.Select(record => JsonDocument.Parse(record.Value).RootElement).ToArray();
            Assert.All(events, read => Assert.Equal(group.Key, read.GetProperty("user_id").GetString()));
            Assert.Equal(Enumerable.Range(0, 50).Select(number => $"e-{number}"), events.Select(read => read.GetProperty("event_id").GetString()));
        }
    }

    /// <summary>A stream whose length nobody knows, so that it is sent in chunks.</summary>
    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
