using System.Text;
using Microsoft.AspNetCore.Http;
using Reco.Workload.Http;
using Reco.Workload.Tests.Support;

namespace Reco.Workload.Tests.Http;

public sealed class EventApiTests
{
    private const string OneEvent =
        """[{"event_id":"e1","user_id":"u","product_id":"p","event_type":"view","timestamp":"2026-01-05T12:00:00Z"}]""";

    private static readonly RetryOptions Quick = new() { FirstDelayMs = 1, DelayMsMax = 5, GiveUpAfter = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task PostEventsAsync_GoodAndBadEvents_AnswersBoth()
    {
        await using var server = await StubServer.StartAsync();
        using var http = new HttpClient();

        var answer = await Api(http, server.Url, Quick).PostEventsAsync(
            Encoding.UTF8.GetBytes("""[{"event_id":"x"},""" + OneEvent[1..]), TestContext.Current.CancellationToken);

        Assert.Equal(1, answer.Accepted);
        Assert.Equal(new Rejection(0, "user_id", "is required"), Assert.Single(answer.Rejected));
    }

    [Fact]
    public async Task PostEventsAsync_400ThatNamesEachEvent_IsAnAnswerOfRejections()
    {
        await using var server = await StubServer.StartAsync();
        server.BeforePost = (_, _) => Task.FromResult<IResult?>(Results.Json(
            new { detail = "none is valid", rejected = new[] { new { index = 0, field = "user_id", error = "is required" } } }, statusCode: 400));
        using var http = new HttpClient();

        var answer = await Api(http, server.Url, Quick).PostEventsAsync(Encoding.UTF8.GetBytes(OneEvent), TestContext.Current.CancellationToken);

        Assert.Equal((0, 1), (answer.Accepted, answer.Rejected.Count));
        Assert.Equal(1, server.Posts);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(413)]
    public async Task PostEventsAsync_RefusalThatWillNotPass_IsNotRepeatedAndQuotesTheServer(int status)
    {
        await using var server = await StubServer.StartAsync();
        server.BeforePost = (_, _) => Task.FromResult<IResult?>(Results.Problem("send the header X-Admin-Key", statusCode: status));
        using var http = new HttpClient();

        var fault = await Assert.ThrowsAsync<ApiRefusedException>(
            () => Api(http, server.Url, Quick).PostEventsAsync(Encoding.UTF8.GetBytes(OneEvent), TestContext.Current.CancellationToken));

        Assert.Contains("send the header X-Admin-Key", fault.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Posts);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task PostEventsAsync_FailuresThatPass_SendsTheSameBytesUntilTaken(int status)
    {
        await using var server = await StubServer.StartAsync();
        server.BeforePost = (number, _) => Task.FromResult(number <= 3 ? Results.StatusCode(status) : null);
        var notices = new List<RetryNotice>();
        using var http = new HttpClient();

        var answer = await new EventApi(http, server.Url, Quick, TimeProvider.System, notices.Add).PostEventsAsync(
            Encoding.UTF8.GetBytes(OneEvent), TestContext.Current.CancellationToken);

        Assert.Equal((1, 4), (answer.Accepted, server.Posts));
        Assert.Equal("e1", Assert.Single(server.Events).EventId);
        Assert.Equal([1, 2, 3], notices.Select(n => n.Attempt));
        Assert.All(notices, n => Assert.StartsWith($"{status} ", n.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PostEventsAsync_503WithRetryAfter_WaitsAsLongAsAsked()
    {
        await using var server = await StubServer.StartAsync();
        server.BeforePost = (number, context) =>
        {
            context.Response.Headers.RetryAfter = "7";
            return Task.FromResult<IResult?>(number == 1 ? Results.StatusCode(503) : null);
        };
        var time = new ManualTimeProvider();
        var noticed = new TaskCompletionSource<RetryNotice>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var http = new HttpClient();
        var api = new EventApi(http, server.Url, Quick, time, noticed.SetResult);

        var posting = api.PostEventsAsync(Encoding.UTF8.GetBytes(OneEvent), TestContext.Current.CancellationToken);
        Assert.Equal(TimeSpan.FromSeconds(7), (await noticed.Task.Within("the 503 is noticed")).Delay);
        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Equal(1, server.Posts);
        await Deadline.Until(
            () =>
            {
                // The wait may be armed a moment after the notice.
                time.Advance(TimeSpan.FromSeconds(0.1));
                return posting.IsCompleted;
            },
            "the second attempt");

        Assert.Equal(1, (await posting).Accepted);
        Assert.Equal(2, server.Posts);
    }

    [Fact]
    public async Task PostEventsAsync_RetryAfterBeyondTheLimit_GivesUpAtOnce()
    {
        await using var server = await StubServer.StartAsync();
        server.BeforePost = (_, context) =>
        {
            context.Response.Headers.RetryAfter = "3600";
            return Task.FromResult<IResult?>(Results.StatusCode(503));
        };
        using var http = new HttpClient();

        var fault = await Assert.ThrowsAsync<ApiUnavailableException>(
            () => Api(http, server.Url, Quick).PostEventsAsync(Encoding.UTF8.GetBytes(OneEvent), TestContext.Current.CancellationToken));

        Assert.Contains("503", fault.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Posts);
    }

    [Fact]
    public async Task PostEventsAsync_NobodyListens_TriesForAWhileThenSaysWhere()
    {
        var notices = 0;
        using var http = new HttpClient();
        var nobody = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}/");
        var retry = Quick with { GiveUpAfter = TimeSpan.FromMilliseconds(200) };

        var fault = await Assert.ThrowsAsync<ApiUnavailableException>(
            () => new EventApi(http, nobody, retry, TimeProvider.System, _ => notices++).PostEventsAsync(
                Encoding.UTF8.GetBytes(OneEvent), TestContext.Current.CancellationToken).Within("giving up"));

        Assert.True(notices >= 2);
        Assert.Contains("refused", fault.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(nobody.ToString(), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostEventsAsync_ServerHangs_TimesOutAndTriesAgain()
    {
        await using var server = await StubServer.StartAsync();
        server.BeforePost = async (number, context) =>
        {
            if (number == 1)
            {
                await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
            }

            return null;
        };
        using var http = new HttpClient();
        var retry = Quick with { AttemptTimeout = TimeSpan.FromMilliseconds(300) };

        var answer = await Api(http, server.Url, retry).PostEventsAsync(Encoding.UTF8.GetBytes(OneEvent), TestContext.Current.CancellationToken);

        Assert.Equal(1, answer.Accepted);
        Assert.True(server.Posts >= 2);
    }

    [Fact]
    public async Task PutProductsAsync_ManyProducts_GoInBatchesWithTheAgreedFields()
    {
        await using var server = await StubServer.StartAsync();
        using var http = new HttpClient();

        await Api(http, server.Url, Quick).PutProductsAsync(Shop.Products(2_345), TestContext.Current.CancellationToken);

        Assert.Equal(2_345, server.Products.Count);
        var first = server.Products[0];
        Assert.Equal(["id", "name", "category", "brand", "price", "stock"], first.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("p001", 1.01m), (first.GetProperty("id").GetString(), first.GetProperty("price").GetDecimal()));
    }

    private static EventApi Api(HttpClient http, Uri url, RetryOptions retry) => new(http, url, retry, TimeProvider.System);
}
