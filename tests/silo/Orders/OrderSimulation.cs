using System.Collections.Concurrent;
using System.Globalization;
using Reco.Core.Hashing;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Silo.Orders;
using Reco.Silo.Tests.Ingest.Fakes;

namespace Reco.Silo.Tests.Orders;

/// <summary>
/// One seeded life of the sink: purchases, repeats and rubbish come; the store, the log and the dead letters fail before and after taking
/// effect, or hang; partitions change hands; the silo stops and crashes. Then the trouble ends, and the orders must be the log's purchases.
/// </summary>
internal sealed class OrderSimulation
{
    private readonly int _seed;
    private readonly Random _random;
    private readonly OrderHarness _harness;
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private readonly List<ShopEvent> _sent = [];
    private readonly List<string> _acts = [];
    private readonly double _badness;
    private bool _isCalm;

    public OrderSimulation(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _badness = Draw("badness") * Draw("badness") * 0.6;
        _harness = new OrderHarness(_random.Next(1, 4), new OrderSinkOptions
        {
            BatchRecordsMax = _random.Next(1, 20),
            BatchDelayMilliseconds = _random.Next(3) * 100,
            CommitIntervalSeconds = _random.Next(1, 10),
            StopWaitSeconds = 0,
            WritesInFlightMax = _random.Next(1, 3),
        });
        _harness.Log.OnRead = partition => Fails($"read/{partition}", 0.3);
        _harness.Log.OnCommit = partition => Fails($"commit/{partition}", 1);
        _harness.Log.LimitRead = wanted => _isCalm ? wanted : 1 + (int)(Draw("limit") * wanted);
        _harness.DeadLetters.OnAppend = letter => Task.FromResult(Fails($"letter/{letter.Offset}", 1));
        _harness.Store.Refuses = purchase => purchase.Quantity == 13 ? "thirteen is refused" : null;
        _harness.Store.OnAdd = batch => AnswerAsync(batch[0].EventId);
    }

    public string Story => string.Join(' ', _acts);

    public long Commits => _harness.Log.Partitions.Sum(p => (long)p.Commits.Count);

    public async Task RunAsync()
    {
        await _harness.StartAsync();
        for (var acts = _random.Next(15, 50); acts > 0; acts--)
        {
            await ActAsync(_random.Next(100));
            for (var turn = _random.Next(30); turn > 0; turn--)
            {
                await Task.Yield();
            }
        }

        _isCalm = true;
        _acts.Add("calm");
        await _harness.SettleAsync();
        _harness.AssertExact("settled:");
        await _harness.CrashAsync();
        await _harness.StartAsync();
        await _harness.SettleAsync();
        _harness.AssertExact("after the last crash:");
        await _harness.StopAsync();
    }

    private async Task ActAsync(int draw)
    {
        switch (draw)
        {
            case < 50:
                _acts.Add("append");
                for (var i = _random.Next(1, 12); i > 0; i--)
                {
                    await AppendAsync();
                }

                break;
            case < 75:
                _acts.Add("wait");
                _harness.Time.Advance(TimeSpan.FromMilliseconds(_random.Next(12_000)));
                break;
            case < 82:
                _acts.Add("revoke");
                await RebalanceAsync(_random.Next(_harness.Log.PartitionCount), _harness.Log.RevokeAsync);
                break;
            case < 88:
                _acts.Add("lose");
                await RebalanceAsync(_random.Next(_harness.Log.PartitionCount), _harness.Log.LoseAsync);
                break;
            case < 94:
                _acts.Add("restart");
                await _harness.StopAsync();
                await _harness.StartAsync();
                break;
            default:
                _acts.Add("crash");
                await _harness.CrashAsync();
                await _harness.StartAsync();
                break;
        }
    }

    private async Task RebalanceAsync(int partition, Func<int, Task> giveUp)
    {
        try
        {
            await giveUp(partition);
        }
        catch (EventLogException)
        {
            // The last commit was made to fail: the next owner reads again.
        }

        await _harness.Log.AssignAsync(partition);
    }

    private async Task AppendAsync()
    {
        switch (_random.Next(12))
        {
            case 0:
                await _harness.AppendRawAsync("u1", "{\"event_type\":\"purchase\"");
                break;
            case 1 or 2 when _sent.Count > 0:
                // A client that sends again; and one that gives an old id to something else, maybe of another partition.
                var again = _sent[_random.Next(_sent.Count)];
                await _harness.AppendAsync(_random.Next(2) == 0 ? again : Event() with { EventId = again.EventId });
                break;
            default:
                var fresh = Event();
                _sent.Add(fresh);
                await _harness.AppendAsync(fresh);
                break;
        }
    }

    private ShopEvent Event()
    {
        var isPurchase = _random.Next(3) > 0;
        return new ShopEvent
        {
            EventId = string.Create(CultureInfo.InvariantCulture, $"e{_sent.Count}"),
            UserId = string.Create(CultureInfo.InvariantCulture, $"u{_random.Next(7)}"),
            ProductId = string.Create(CultureInfo.InvariantCulture, $"p{_random.Next(6)}"),
            Type = isPurchase ? EventType.Purchase : EventType.View,
            Quantity = isPurchase && _random.Next(4) > 0 ? _random.Next(1, 15) : null,
            UnitPrice = isPurchase && _random.Next(4) > 0 ? _random.Next(500) / 100m : null,
            TimestampMs = _harness.Time.GetUtcNow().AddMinutes(_random.Next(-1_000_000, 5)).ToUnixTimeMilliseconds(),
        };
    }

    /// <summary>Some answers take a few turns; a hung one ends with its caller's patience, which here is none.</summary>
    private async Task<Fault> AnswerAsync(string place)
    {
        var fault = Fails($"add/{place}", 1);
        for (var turns = _isCalm ? 0 : (int)(Draw("turns") * 10); turns > 0; turns--)
        {
            await Task.Yield();
        }

        return fault;
    }

    private Fault Fails(string place, double share)
    {
        var draw = _isCalm ? 1 : Draw(place);
        return draw >= _badness * share ? Fault.None : draw < _badness * share / 2 ? Fault.Before : Fault.After;
    }

    /// <summary>0 to 1, exclusive; a hash of the seed, the place and how often it was asked, so that no thread's speed changes it.</summary>
    private double Draw(string place)
    {
        var times = _asked.AddOrUpdate(place, 1, (_, asked) => asked + 1);
        return (StableHash.Mix(StableHash.Of($"{_seed}/{place}/{times}")) >> 11) * (1.0 / (1UL << 53));
    }
}
