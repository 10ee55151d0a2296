using System.Globalization;
using System.Text.Json;
using Reco.Core.Ports;

namespace Reco.Bench.Cluster;

/// <summary>The processes of a run, and what happens to them.</summary>
internal sealed class ClusterRun(string folder, Dictionary<string, string> settings, IEventLog log, ClusterPlan plan, TimeSpan patience) : IAsyncDisposable
{
    /// <summary>Many: the test broker keeps 5 MiB of each, and a silo that dies is missed for a while.</summary>
    public const int Partitions = 32;

    private const int Users = 5_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BeforeTheEvent = TimeSpan.FromSeconds(8);

    private readonly List<(ClusterProcess Process, Uri Address)> _silos = [];
    private readonly CancellationTokenSource _endReads = new();
    private readonly ClusterTraffic _peak = new(log, plan.Rate);
    private ClusterProcess? _gateway;
    private Uri? _address;
    private ReadLoad? _reads;
    private Task _reading = Task.CompletedTask;
    private int _started;

    public static Dictionary<string, string> Settings(string bootstrapServers) => new()
    {
        ["Kafka:BootstrapServers"] = bootstrapServers,
        ["Kafka:Partitions"] = Partitions.ToString(CultureInfo.InvariantCulture),
        ["Kafka:CreateTopics"] = "false", // The test broker knows no admin calls.
        ["Kafka:SessionTimeoutSeconds"] = "6",
        ["Cluster:AdvertisedAddress"] = "127.0.0.1",
        ["Cluster:SiloPort"] = "0",
        ["Cluster:GatewayPort"] = "0",
        ["Generator:Enabled"] = "false",
    };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await StartSiloAsync(cancellationToken);
        await StartSiloAsync(cancellationToken);
        var own = settings.Where(s => !s.Key.StartsWith("Generator:", StringComparison.Ordinal)).ToDictionary();
        _gateway = ClusterProcess.Start("gateway", "gateway", folder, own, ("DOTNET_gcServer", "0"));
        _address = await _gateway.ReadyAsync(cancellationToken);
        _reads = new ReadLoad(_address, plan.Reads, Users);

        // Warm: grains activated, a model of this shop trained, code compiled.
        var calm = new ClusterTraffic(log, plan.CalmRate, _peak);
        await calm.SendAsync(calm.Make(WarmUp), cancellationToken);
        using (var http = new HttpClient { BaseAddress = _address })
        {
            using var trained = await http.PostAsync("admin/retrain", null, cancellationToken);
            trained.EnsureSuccessStatusCode();
        }

        _reading = _reads.RunAsync(_endReads.Token);
        await calm.SendAsync(calm.Make(WarmUp), cancellationToken);
    }

    /// <summary>The shop's peak, with reads beside it.</summary>
    public async Task<ClusterPhase> PeakAsync(CancellationToken cancellationToken)
    {
        var events = _peak.Make(TimeSpan.FromSeconds(plan.Seconds));
        var from = _reads!.Now;
        var rate = await _peak.SendAsync(events, cancellationToken);
        return await FinishAsync(rate, from, _reads.Now, null, cancellationToken);
    }

    /// <summary>Calm traffic and reads, and in the middle of it something happens.</summary>
    public async Task<ClusterPhase> WhileAsync(TimeSpan after, Func<ClusterRun, Task> happens, CancellationToken cancellationToken)
    {
        var traffic = new ClusterTraffic(log, plan.CalmRate, _peak);
        var events = traffic.Make(BeforeTheEvent + after);
        var from = _reads!.Now;
        var sending = traffic.SendAsync(events, cancellationToken);
        await Task.Delay(BeforeTheEvent, TimeProvider.System, cancellationToken);
        var at = _reads.Now;
        await happens(this);
        return await FinishAsync(await sending, from, _reads.Now, at, cancellationToken);
    }

    public async Task KillASiloAsync()
    {
        await _silos[0].Process.KillAsync();
        _silos.RemoveAt(0);
    }

    public async Task StopASiloAsync()
    {
        await _silos[0].Process.TerminateAsync();
        _silos.RemoveAt(0);
    }

    /// <summary>Two of them: the place of the one that was killed, and a third.</summary>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        await StartSiloAsync(cancellationToken);
        await StartSiloAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _endReads.CancelAsync();
        await _reading;
        _reads?.Dispose();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        foreach (var (process, _) in _silos)
        {
            await process.DisposeAsync();
        }

        _endReads.Dispose();
    }

    private async Task StartSiloAsync(CancellationToken cancellationToken)
    {
        var process = ClusterProcess.Start($"silo-{++_started}", "up", folder, settings);
        _silos.Add((process, await process.ReadyAsync(cancellationToken)));
    }

    private async Task<ClusterPhase> FinishAsync(double rate, double from, double to, double? at, CancellationToken cancellationToken)
    {
        var silos = await DescribeAsync(cancellationToken);
        var ended = TimeProvider.System.GetTimestamp();
        var wrong = await ClusterTotals.CompareAsync(_address!, _peak.Fold, patience, cancellationToken);
        return new ClusterPhase
        {
            Exact = wrong.Count == 0,
            EventsPerSecond = Math.Round(rate),
            Reads = _reads!.Report(from, to),
            ReadsBySecond = _reads.BySecond(at ?? from, to),
            ReadsRecoveredSeconds = at is { } happened ? _reads.RecoveredAfter(happened, to, 500) : null,
            ExactAfterSeconds = Math.Round(TimeProvider.System.GetElapsedTime(ended).TotalSeconds, 1),
            Silos = silos,
            Wrong = wrong.Take(5),
        };
    }

    private async Task<List<string>> DescribeAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var said = new List<string>();
        foreach (var (process, address) in _silos)
        {
            if (process.Ended is { } lastWords)
            {
                said.Add($"{process.Name} ended by itself: {lastWords}");
                continue;
            }

            using var answer = await http.GetAsync(new Uri(address, "health/ready"), cancellationToken);
            using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
            var checks = json.RootElement.GetProperty("checks").EnumerateArray()
                .Where(check => check.GetProperty("name").GetString() is "ingest" or "silo")
                .Select(check => check.GetProperty("detail").GetString());
            said.Add($"{process.Name}: {string.Join("; ", checks)}");
        }

        return said;
    }
}
