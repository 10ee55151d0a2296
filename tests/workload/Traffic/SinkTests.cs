using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Workload.Http;
using Reco.Workload.Tests.Support;
using Reco.Workload.Traffic;
using Reco.Workload.Traffic.Sinks;

namespace Reco.Workload.Tests.Traffic;

public sealed class SinkTests
{
    private static readonly RetryOptions Quick = new() { FirstDelayMs = 1, DelayMsMax = 5, GiveUpAfter = TimeSpan.FromSeconds(20) };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1_000, 1)]
    [InlineData(4_000, 4)]
    public async Task HttpEventSink_AnyNumber_ArrivesOnceInEachUsersOrder(int count, int postsMin)
    {
        await using var server = await StubServer.StartAsync();
        using var http = new HttpClient();
        using var sink = new HttpEventSink(new EventApi(http, server.Url, Quick, TimeProvider.System));
        var events = Make(count);

        await sink.SendAsync(events, TestContext.Current.CancellationToken);
        await sink.SendAsync([], TestContext.Current.CancellationToken);

        Assert.Equal(events.OrderBy(e => e.EventId, StringComparer.Ordinal), server.Events.OrderBy(e => e.EventId, StringComparer.Ordinal));
        Assert.All(events.GroupBy(e => e.UserId), user => Assert.Equal(user, server.Events.Where(e => e.UserId == user.Key)));
        Assert.True(server.Posts >= postsMin);
        Assert.All(server.Batches, batch => Assert.InRange(batch, 1, 1_000));
        Assert.Equal(0, sink.Rejected);
    }

    [Fact]
    public async Task HttpEventSink_ServerBusyForAWhile_SendsTheSameEventsAgain()
    {
        await using var server = await StubServer.StartAsync();
        server.BeforePost = (number, context) =>
        {
            context.Response.Headers.RetryAfter = "0";
            return Task.FromResult(number % 3 != 0 ? Results.StatusCode(number % 2 == 0 ? 429 : 503) : null);
        };
        using var http = new HttpClient();
        using var sink = new HttpEventSink(new EventApi(http, server.Url, Quick, TimeProvider.System));
        var events = Make(3_000);

        await sink.SendAsync(events, TestContext.Current.CancellationToken);

        Assert.Equal(3_000, server.Events.Count);
        Assert.Equal(3_000, server.Events.Select(e => e.EventId).Distinct().Count());
    }

    [Fact]
    public async Task HttpEventSink_EventFromTheFuture_IsCountedAndSaid()
    {
        await using var server = await StubServer.StartAsync();
        using var http = new HttpClient();
        using var sink = new HttpEventSink(new EventApi(http, server.Url, Quick, TimeProvider.System));
        var future = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();

        await sink.SendAsync([Make(1)[0] with { EventId = "late", TimestampMs = future }], TestContext.Current.CancellationToken);

        Assert.Equal(1, sink.Rejected);
        Assert.StartsWith("late: timestamp ", sink.FirstRejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventLogSink_LogRefusesTwice_WritesTheSameRecordsUntilTaken()
    {
        var log = new FakeLog { Failures = 2 };
        var sink = new EventLogSink(log, Quick, TimeProvider.System, NullLogger<EventLogSink>.Instance);
        var events = Make(50);

        await sink.SendAsync(events, TestContext.Current.CancellationToken);

        Assert.Equal(3, log.Calls);
        Assert.Equal(events.Select(e => e.UserId), log.Records.Select(r => r.Key));
        Assert.Equal(events, log.Records.Select(r => ShopEventJson.TryRead(r.Value.Span, long.MaxValue / 2, null, out var read, out _) ? read : null));
    }

    [Fact]
    public async Task EventLogSink_LogStaysShut_Throws()
    {
        var sink = new EventLogSink(
            new FakeLog { Failures = int.MaxValue }, Quick with { GiveUpAfter = TimeSpan.FromMilliseconds(30) }, TimeProvider.System, NullLogger<EventLogSink>.Instance);

        await Assert.ThrowsAsync<EventLogException>(() => sink.SendAsync(Make(1), TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task NdjsonSink_TwoBatches_AreOneEventALine()
    {
        using var stream = new MemoryStream();
        var sink = new NdjsonSink(stream);
        var events = Make(100);

        await sink.SendAsync(events[..60], TestContext.Current.CancellationToken);
        await sink.SendAsync(events[60..], TestContext.Current.CancellationToken);

        var lines = System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.Equal(events.Select(e => e.EventId), lines[..^1].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event_id").GetString()));
    }

    private static List<ShopEvent> Make(int count)
    {
        var shoppers = new ShopperSimulator(Shop.Products(), new ShopperOptions { RunId = "sink", Users = 300 });
        return [.. Enumerable.Range(0, count).Select(i => shoppers.Next(1_767_600_000_000 + i))];
    }

    private sealed class FakeLog : IEventLog
    {
        public int Failures { get; init; }

        public int Calls { get; private set; }

        public List<LogAppend> Records { get; } = [];

        public int PartitionCount => 1;

        public ValueTask AppendAsync(IReadOnlyList<LogAppend> records, CancellationToken cancellationToken)
        {
            if (++Calls <= Failures)
            {
                throw new EventLogException("full");
            }

            Records.AddRange(records);
            return ValueTask.CompletedTask;
        }

        public Task ConsumeAsync(string group, IPartitionConsumer consumer, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
