using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Reco.Core.Ingest;
using Reco.Core.Ports;
using Reco.Core.Windows;
using Reco.GrainInterfaces;
using Reco.Grains.Searching;
using Reco.Silo.Searching;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Testing;

namespace Reco.Silo.Tests.Searching;

public sealed class PopularQueriesServiceTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryEventLog _log;
    private readonly StreamClock _clock;
    private int _events;

    public PopularQueriesServiceTests()
    {
        _log = new InMemoryEventLog(2, _time);
        _clock = new StreamClock(_time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Top_OfSearchesOverPartitions_IsCountedOnceThoughTheReaderRestarts()
    {
        for (var user = 0; user < 40; user++)
        {
            await SearchAsync($"u{user}", user % 4 == 0 ? "Red  Shoes" : user % 4 == 1 ? "lamp" : "desk LAMP");
            await _log.AppendAsync([Append($"u{user}", """"event_type":"view","product_id":"search"""")], Token);
        }

        var grain = await RunUntilAsync(top => top.Sum(query => query.Count) == 40);
        Assert.Equal([("desk lamp", 20L), ("lamp", 10), ("red shoes", 10)], (await grain.GetTopAsync(10)).Select(query => (query.Query, query.Count)));
        Assert.Single(await grain.GetTopAsync(1));

        // Another process, with an empty grain: counted again from the log, once.
        await SearchAsync("u1", "lamp");
        var again = await RunUntilAsync(top => top.Sum(query => query.Count) == 41);
        Assert.Equal(11, (await again.GetTopAsync(10)).Single(query => query.Query == "lamp").Count);
        Assert.Empty(_log.Violations);
    }

    [Fact]
    public async Task Top_LaterThanTheWindow_IsEmpty()
    {
        await SearchAsync("u1", "lamp");
        var grain = await RunUntilAsync(top => top.Length == 1);
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Empty(await grain.GetTopAsync(10));
    }

    [Fact]
    public async Task Read_ThatFails_IsTriedAgain()
    {
        await SearchAsync("u1", "lamp");
        var failures = 2;
        _log.OnRead = _ => Interlocked.Decrement(ref failures) >= 0 ? Fault.Before : Fault.None;
        await RunUntilAsync(top => top.Length == 1);
    }

    private async Task<PopularQueriesGrain> RunUntilAsync(Func<PopularQuery[], bool> condition)
    {
        var grain = new PopularQueriesGrain(_clock, Microsoft.Extensions.Options.Options.Create(new WindowOptions()));
        var options = Microsoft.Extensions.Options.Options.Create(new PopularQueriesOptions { BatchRecordsMax = 7 });
        using var service = new PopularQueriesService(
            _log, new OneGrain(grain), _clock, options, Microsoft.Extensions.Options.Options.Create(new WindowOptions()), _time, NullLogger<PopularQueriesService>.Instance);
        await service.StartAsync(Token);
        await Deadline.Until(
            async () =>
            {
                _time.Advance(TimeSpan.FromSeconds(0.5));
                return condition(await grain.GetTopAsync(100));
            },
            "the searches are counted");
        await service.StopAsync(Token);
        return grain;
    }

    private async Task SearchAsync(string user, string query)
    {
        await _log.AppendAsync([Append(user, $"\"event_type\":\"search\",\"query\":\"{query}\"")], Token);
        _clock.Advance(_time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private LogAppend Append(string user, string fields) => new(
        user,
        Encoding.UTF8.GetBytes($$"""{"event_id":"e{{_events++}}","user_id":"{{user}}","timestamp":"{{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}",{{fields}}}"""));

    private sealed class OneGrain(IPopularQueriesGrain grain) : IGrainFactory
    {
        public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithStringKey => throw new NotSupportedException();

        public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithIntegerKey => (TGrainInterface)grain;
    }
}
