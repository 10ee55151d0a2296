using Reco.Silo.Ingest;

namespace Reco.Silo.Tests.Ingest.Simulation;

/// <summary>
/// One seeded life of an ingesting silo: random traffic, grain deaths, failures of everything it calls, calls that arrive after their
/// caller gave up, rebalances, restarts in good order and by crash. Then the trouble ends, and the grains must know what the log says.
/// </summary>
internal sealed class IngestSimulation
{
    private readonly Random _random;
    private readonly Chaos _chaos;
    private readonly RandomTraffic _traffic;
    private readonly IngestHarness _harness;
    private readonly List<string> _acts = [];

    public IngestSimulation(int seed)
    {
        _random = new Random(seed);
        _chaos = new Chaos(seed);
        _traffic = new RandomTraffic(_random);
        _harness = new IngestHarness(_random.Next(1, 4), new IngestOptions
        {
            CheckpointIntervalSeconds = _random.Next(1, 10),
            BatchRecordsMax = _random.Next(1, 20),
            CallsInFlightPerCore = _random.Next(1, 6),
            FlushesInFlightMax = _random.Next(1, 6),
        });
        _chaos.Attach(_harness);
    }

    /// <summary>What was done, for the message of a failure.</summary>
    public string Story => string.Join(' ', _acts);

    public long Commits => _harness.Log.Partitions.Sum(p => (long)p.Commits.Count);

    public async Task RunAsync()
    {
        await _harness.StartAsync();
        var acts = _random.Next(15, 50);
        for (var i = 0; i < acts; i++)
        {
            await ActAsync(_random.Next(100));
            for (var turn = _random.Next(30); turn > 0; turn--)
            {
                await Task.Yield();
            }
        }

        _acts.Add("calm");
        _chaos.IsOn = false;
        _harness.Grains.DeliverLate();
        await _harness.SettleAsync();

        // What is late may still come after the last commit, and the last crash after that: neither may change anything.
        _harness.Grains.DeliverLate();
        _harness.AssertExact("settled:");
        await _harness.CrashAsync(grainsToo: true);
        await _harness.StartAsync();
        await _harness.SettleAsync();
        _harness.AssertExact("after the last crash:");
        await _harness.StopAsync();
    }

    private async Task ActAsync(int draw)
    {
        switch (draw)
        {
            case < 40:
                Note("append");
                await _traffic.AppendAsync(_harness, _random.Next(1, 12));
                break;
            case < 60:
                Note("wait");
                _harness.Time.Advance(TimeSpan.FromMilliseconds(_random.Next(12_000)));
                break;
            case < 75:
                Note("die");
                KillSomeGrain();
                break;
            case < 80:
                Note("collect");
                Some(grain => _harness.Grains[grain].Deactivate());
                break;
            case < 85:
                Note("late");
                _harness.Grains.DeliverLate();
                break;
            case < 92:
                await RebalanceAsync(_random.Next(_harness.Log.PartitionCount), lost: _random.Next(2) == 0);
                break;
            case < 96:
                Note("restart");
                await _harness.StopAsync();
                await _harness.StartAsync();
                break;
            default:
                var grainsToo = _random.Next(2) == 0;
                Note(grainsToo ? "crash" : "crash-ingest");
                await _harness.CrashAsync(grainsToo);
                await _harness.StartAsync();
                break;
        }
    }

    private void KillSomeGrain()
    {
        if (_random.Next(6) == 0)
        {
            _harness.Grains.DieAll();
        }
        else
        {
            Some(grain => _harness.Grains[grain].Die());
        }
    }

    private void Some(Action<string> act)
    {
        var names = _harness.Grains.Names.ToList();
        if (names.Count > 0)
        {
            act(names[_random.Next(names.Count)]);
        }
    }

    private async Task RebalanceAsync(int partition, bool lost)
    {
        Note(lost ? "lose" : "revoke");
        if (lost)
        {
            await _harness.Log.LoseAsync(partition);
        }
        else
        {
            try
            {
                await _harness.Log.RevokeAsync(partition);
            }
            catch (Core.Ports.EventLogException)
            {
                // The last commit was made to fail: the next owner replays.
            }
        }

        await _harness.Log.AssignAsync(partition);
    }

    private void Note(string act) => _acts.Add(act);
}
