using System.Text.RegularExpressions;
using Reco.Testing;
using Reco.Workload.Testing;

namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>Silos and gateways in processes of their own, on one event log and whatever keeps their list and state.</summary>
internal sealed partial class ShopCluster : IAsyncDisposable
{
    public const string Topic = "user-events-all";
    public const int Partitions = 8;

    private readonly TempFolder _folder = new();
    private readonly List<RecoProcess> _processes = [];
    private readonly Dictionary<string, string> _settings;

    private ShopCluster(TestBroker broker, Dictionary<string, string> settings) => (Broker, _settings) = (broker, settings);

    public TestBroker Broker { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ShopCluster> CreateAsync(params (string Key, string Value)[] settings)
    {
        var broker = await StartBrokerAsync();
        var all = new Dictionary<string, string>
        {
            ["Kafka:BootstrapServers"] = broker.BootstrapServers,
            ["Kafka:CreateTopics"] = "false", // The test broker knows no admin calls.
            ["Kafka:SessionTimeoutSeconds"] = "6",
            ["Kafka:EndOffsetIntervalSeconds"] = "0.2",
            ["Ingest:CheckpointIntervalSeconds"] = "0.5",
            ["Catalogue:SeedProducts"] = "0",
            ["Cluster:AdvertisedAddress"] = "127.0.0.1",
            ["Cluster:SiloPort"] = "0",
            ["Cluster:GatewayPort"] = "0",

            // Wider than the default: a busy machine must not look like a dead silo here.
            ["Cluster:ProbeSeconds"] = "1",
            ["Cluster:MissedProbes"] = "3",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return new ShopCluster(broker, all);
    }

    /// <summary>A test broker with the event log's topic.</summary>
    public static Task<TestBroker> StartBrokerAsync() =>
        TestBroker.StartAsync([(Topic, Partitions), ("other-events", Partitions), ("user-events-dlq", 1)], cancellationToken: Cancel);

    /// <summary>Starts a silo; it need not get ready.</summary>
    public RecoProcess LaunchSilo(IReadOnlyDictionary<string, string>? environment = null, params (string Key, string Value)[] settings) =>
        Launch("up", environment, [("Generator:Enabled", "false"), .. settings]);

    /// <summary>Starts a gateway; it need not get ready.</summary>
    public RecoProcess LaunchGateway(params (string Key, string Value)[] settings) => Launch("gateway", null, settings);

    /// <summary>Starts a silo, or several at once, and waits until all are ready.</summary>
    public async Task<RecoProcess[]> StartSilosAsync(int silos)
    {
        var started = Enumerable.Range(0, silos).Select(_ => LaunchSilo()).ToArray();
        await Task.WhenAll(started.Select(silo => silo.ReadyAsync()));
        return started;
    }

    /// <summary>What <c>reco doctor</c> says with this cluster's settings, and its exit code.</summary>
    public async Task<(int ExitCode, string Output)> DoctorAsync()
    {
        await using var doctor = RecoProcess.Doctor(_folder.File("doctor"), _settings);
        var exit = await doctor.ExitAsync("the doctor ends");
        await Deadline.Until(() => doctor.Output.Contains("looked at", StringComparison.Ordinal) || exit == 1, "its last line");
        return (exit, doctor.Output);
    }

    /// <summary>Waits until each of these is ready and knows so many silos.</summary>
    public static async Task UntilWellAsync(int silos, params RecoProcess[] processes)
    {
        foreach (var process in processes)
        {
            var address = await process.ReadyAsync();
            using var http = new HttpClient();
            await Deadline.Until(async () => await SilosAsync(http, address) == silos, $"{silos} silos are seen, and all is ready");
        }
    }

    /// <summary>How many silos a ready one sees; -1 of one that is not ready.</summary>
    public static async Task<int> SilosAsync(HttpClient http, Uri silo)
    {
        using var answer = await http.GetAsync(new Uri(silo, "health/ready"), Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        return answer.IsSuccessStatusCode && SilosSeen().Match(text) is { Success: true } seen
            ? int.Parse(seen.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
            : -1;
    }

    /// <summary>Fails when a process that was not told to has ended.</summary>
    public static void AssertAlive(params RecoProcess[] processes)
    {
        foreach (var process in processes)
        {
            Assert.False(process.HasExited, $"it ended by itself:\n{process.Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));
        await Broker.DisposeAsync();
        _folder.Dispose();
    }

    private RecoProcess Launch(string verb, IReadOnlyDictionary<string, string>? environment, (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(_settings);
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var process = RecoProcess.Part(verb, _folder.File($"{verb}-{_processes.Count}"), all, environment);
        _processes.Add(process);
        return process;
    }

    [GeneratedRegex("\"(\\d+) silos, \\d+ grains here\"")]
    private static partial Regex SilosSeen();
}
