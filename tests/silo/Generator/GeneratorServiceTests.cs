using Microsoft.Extensions.Logging.Abstractions;
using Reco.Core.Catalogue;
using Reco.GrainInterfaces;
using Reco.Silo.Generator;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Silo.Tests.Support;
using Reco.Testing;
using Reco.Workload.Traffic;
using Settings = Microsoft.Extensions.Options.Options;

namespace Reco.Silo.Tests.Generator;

public sealed class GeneratorServiceTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryStateStore _state = new();
    private readonly InMemoryEventLog _log;
    private readonly TrafficOptions _traffic = new() { Enabled = true, Users = 100, OpenSessionsMax = 40 };
    private readonly BackfillOptions _backfill = new() { Events = 5_000, HoursBack = 24 };
    private MemoryCatalogue _catalogue = new(60);

    public GeneratorServiceTests() => _log = new InMemoryEventLog(4, _time);

    private long Records => _log.Partitions.Sum(p => p.EndOffset);

    [Fact]
    public async Task Start_NewShop_GetsAPastThatReachesUpToNow()
    {
        await RunAsync();
        var events = Read();
        Assert.Equal(5_000, events.Count);
        Assert.Equal(5_000, events.Select(e => e.EventId).Distinct().Count());
        var now = _time.GetUtcNow();
        Assert.InRange(events.Min(e => e.TimestampMs), now.AddHours(-24).ToUnixTimeMilliseconds(), now.AddHours(-23).ToUnixTimeMilliseconds());
        Assert.InRange(events.Max(e => e.TimestampMs), now.AddMinutes(-2).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds() - 1);
    }

    [Fact]
    public async Task Start_SameDataFolderAgain_MakesNoSecondPast()
    {
        await RunAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        await RunAsync();
        Assert.Equal(5_000, Records);
    }

    /// <summary>What was sent before the crash is sent again as it was: same id, same shopper, hence same partition, where it is dropped.</summary>
    [Fact]
    public async Task Start_CrashBeforeThePastWasComplete_SendsTheSameEventsAgain()
    {
        await RunAsync();
        var before = Read();
        _state.Values.Remove("generator/backfilled", out _);
        _time.Advance(TimeSpan.FromMinutes(10));
        await RunAsync();
        Assert.Equal(10_000, Records);
        Assert.Equal(before.ToHashSet(), Read().ToHashSet());
    }

    [Fact]
    public async Task Start_PastMade_TrafficFollowsTheClock()
    {
        _traffic.RatePerSecond = 100;
        var service = await StartAsync();
        await Deadline.Until(() => service.Runner is not null, "the traffic");
        await Deadline.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return Records >= 5_050;
            },
            "live events");
        await service.StopAsync(CancellationToken.None).Within("stop");
        Assert.Contains(Read(), e => e.TimestampMs > Ingest.Events.NowMs);
    }

    [Fact]
    public async Task Start_Disabled_MakesNothing()
    {
        _traffic.Enabled = false;
        await EndsByItselfAsync();
    }

    [Fact]
    public async Task Start_EmptyCatalogue_MakesNothingUntilThereAreProducts()
    {
        _catalogue = new MemoryCatalogue(0);
        var service = await StartAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, Records);
        Assert.Null(service.Runner);
        Assert.Empty(_state.Values);

        await _catalogue.UpsertAsync(SeededCatalogue.Generate(60), CancellationToken.None);
        await Deadline.Until(
            () =>
            {
                _time.Advance(service.Runner is null ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
                return service.Runner is not null;
            },
            "the past");
        await service.StopAsync(CancellationToken.None).Within("stop");
        Assert.InRange(Records, 5_000, long.MaxValue);
    }

    [Fact]
    public async Task Start_NoPastWanted_OnlyTraffic()
    {
        _backfill.Events = 0;
        await RunAsync();
        Assert.Equal(0, Records);
    }

    private async Task EndsByItselfAsync()
    {
        var service = await StartAsync();
        await service.ExecuteTask!.Within("the end of the service");
        Assert.Equal(0, Records);
        Assert.Null(service.Runner);
        Assert.Empty(_state.Values);
    }

    /// <summary>Until the past is made; the clock stands, so that no traffic follows.</summary>
    private async Task RunAsync()
    {
        var service = await StartAsync();
        await Deadline.Until(() => service.Runner is not null, "the past");
        await service.StopAsync(CancellationToken.None).Within("stop");
    }

    private async Task<GeneratorService> StartAsync()
    {
        var service = new GeneratorService(
            _log, _catalogue, _state, Settings.Create(_traffic), Settings.Create(_backfill), _time, NullLoggerFactory.Instance);
        await service.StartAsync(CancellationToken.None);
        return service;
    }

    private List<ShopEvent> Read() => [.. _log.Partitions.SelectMany(p => p.Snapshot()).Select(record =>
        ShopEventJson.TryRead(record.Value, record.AppendedAtMs, pool: null, out var shopEvent, out var fault)
            ? shopEvent
            : throw new InvalidDataException(fault.ToString()))];
}
