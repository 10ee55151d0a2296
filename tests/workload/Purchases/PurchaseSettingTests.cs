using System.Text.Json;
using Microsoft.Extensions.Logging;
using Reco.Workload.Commands;
using Reco.Workload.Purchases.Consuming;
using Reco.Workload.Purchases.Logging;
using Reco.Workload.Purchases.Producing;

namespace Reco.Workload.Tests.Purchases;

public sealed class PurchaseSettingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Profiles_All_AreValid() => Assert.All(
        [
            PurchaseProfiles.Baseline, PurchaseProfiles.BaselineWithoutLinger, PurchaseProfiles.Optimized,
            .. PurchaseProfiles.Optimisations.Select(PurchaseProfiles.OptimizedWithout),
            .. PurchaseProfiles.Optimisations.Select(o => o.Apply(PurchaseProfiles.BaselineWithoutLinger)),
        ],
        profile => Assert.True(new PurchaseProducerOptionsValidator().Validate(null, profile).Succeeded));

    [Fact]
    public void ClientSettings_OfOptimized_AreTheStatedOnes()
    {
        var settings = ClientSettings.Of(PurchaseProfiles.Optimized);

        Assert.Equal("32768", settings["batch.size"]);
        Assert.Equal("10", settings["linger.ms"]);
        Assert.Equal("lz4", settings["compression.type"]);
        Assert.Equal("65536", settings["queue.buffering.max.kbytes"]);
        Assert.Equal("5", settings["max.in.flight.requests.per.connection"]);
        Assert.Equal("true", settings["enable.idempotence"]);
        Assert.Equal("all", settings["acks"]);
    }

    [Fact]
    public void ClientSettings_OfBaseline_LeaveTheClientsDefaults()
    {
        var settings = ClientSettings.Of(PurchaseProfiles.Baseline);

        Assert.DoesNotContain("linger.ms", settings.Keys);
        Assert.DoesNotContain("batch.size", settings.Keys);
        Assert.DoesNotContain("max.in.flight.requests.per.connection", settings.Keys);
        Assert.Equal("none", settings["compression.type"]);
    }

    public static TheoryData<string, PurchaseProducerOptions> BrokenProducers => new()
    {
        { "BootstrapServers", new() { BootstrapServers = "" } },
        { "Topic", new() { Topic = "no topic" } },
        { "ParseWorkers", new() { ParseWorkers = -1 } },
        { "LingerMs", new() { LingerMs = -1 } },
        { "BatchBytes", new() { BatchBytes = 0 } },
        { "BatchMessages", new() { BatchMessages = 0 } },
        { "Compression", new() { Compression = "rar" } },
        { "BufferKib", new() { BufferKib = 1 } },
        { "InFlightRequests", new() { InFlightRequests = 0 } },
        { "InFlightRequests", new() { InFlightRequests = 6, IsIdempotent = true } },
        { "DeliveryTimeoutMs", new() { DeliveryTimeoutMs = 0 } },
        { "LingerMs", new() { LingerMs = 500, DeliveryTimeoutMs = 500 } },
    };

    [Theory]
    [MemberData(nameof(BrokenProducers))]
    public void Validate_BrokenProducerOption_NamesIt(string option, PurchaseProducerOptions options) =>
        Assert.Contains(option, new PurchaseProducerOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);

    public static TheoryData<string, PurchaseConsumerOptions> BrokenConsumers => new()
    {
        { "BootstrapServers", new() { BootstrapServers = "" } },
        { "Topic", new() { Topic = "" } },
        { "Group", new() { Group = "../up" } },
        { "StateFolder", new() { StateFolder = "" } },
        { "ForwardTopic", new() { ForwardTopic = "a b" } },
        { "SaveEveryMessages", new() { SaveEveryMessages = 0 } },
        { "SaveEveryMs", new() { SaveEveryMs = 0 } },
        { "SessionTimeoutMs", new() { SessionTimeoutMs = 10 } },
    };

    [Theory]
    [MemberData(nameof(BrokenConsumers))]
    public void Validate_BrokenConsumerOption_NamesIt(string option, PurchaseConsumerOptions options) =>
        Assert.Contains(option, new PurchaseConsumerOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);

    [Fact]
    public void Setup_FileAndFlags_TheFlagWinsAndTheRestStays()
    {
        var file = Write("""{"Purchases": {"Producer": {"LingerMs": 7, "Compression": "gzip"}}}""");
        using var setup = new PurchasesSetup(file, new Dictionary<string, string?> { ["Purchases:Producer:LingerMs"] = "3" });

        var options = setup.Bind(PurchaseProfiles.Optimized with { }, PurchaseProducerOptions.Section);

        Assert.Equal((3d, "gzip", 5), (options.LingerMs, options.Compression, options.InFlightRequests));
        Assert.Equal(10, PurchaseProfiles.Optimized.LingerMs);
    }

    [Theory]
    [InlineData("""{"Purchases": {"Producer": {"Lingerms2": 7}}}""")]
    [InlineData("""{"Purchases": {"Producer": {"LingerMs": "soon"}}}""")]
    public void Setup_WrongKeyOrValue_IsRefused(string json)
    {
        using var setup = new PurchasesSetup(Write(json), new Dictionary<string, string?>());
        Assert.Throws<ArgumentFaultException>(() => setup.Bind(PurchaseProfiles.Optimized with { }, PurchaseProducerOptions.Section));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"Logging": {"File": {"Path": "x.log", "FileBytesMax": 1}}}""")]
    public void Setup_BrokenFile_IsRefused(string json) =>
        Assert.Throws<ArgumentFaultException>(() => new PurchasesSetup(Write(json), new Dictionary<string, string?>()).Dispose());

    [Fact]
    public void RollingFile_ManyLines_StaysWithinItsBoundsAndKeepsTheYoungest()
    {
        var path = _folder.File("logs/purchases.log");
        using (var provider = new RollingFileLoggerProvider(new PurchaseLogOptions { Path = path, FileBytesMax = 2_000, ClosedFilesMax = 2 }, new ManualTimeProvider()))
        {
            var logger = provider.CreateLogger("component");
            for (var i = 0; i < 100; i++)
            {
                logger.LogInformation(new EventId(7), "line {Number}", i);
            }
        }

        string[] files = [$"{path}.2", $"{path}.1", path];
        Assert.Equal(files.Order(StringComparer.Ordinal), Directory.GetFiles(Path.GetDirectoryName(path)!).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 2_000));
        var numbers = files.SelectMany(File.ReadLines).Select(line => int.Parse(
            JsonDocument.Parse(line).RootElement.GetProperty("Number").GetString()!, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(Enumerable.Range(numbers[0], 100 - numbers[0]), numbers);
    }

    [Fact]
    public async Task Logs_LevelChangedInTheFile_FollowsWithoutRestart()
    {
        var file = Write("""{"Logging": {"LogLevel": {"Reco.Purchases.Producer": "Warning", "Reco.Purchases.Consumer": "Warning"}}}""");
        using var setup = new PurchasesSetup(file, new Dictionary<string, string?>());
        ILogger producer = setup.Logs.CreateLogger(PurchaseLogs.Producer), consumer = setup.Logs.CreateLogger(PurchaseLogs.Consumer);
        Assert.False(producer.IsEnabled(LogLevel.Debug));

        Write("""{"Logging": {"LogLevel": {"Reco.Purchases.Producer": "Debug", "Reco.Purchases.Consumer": "Warning"}}}""");

        await Deadline.Until(() => producer.IsEnabled(LogLevel.Debug), "the level follows the file");
        Assert.False(consumer.IsEnabled(LogLevel.Debug));
    }

    [Fact]
    public void Load_DamagedState_IsRefusedWithItsPath()
    {
        File.WriteAllText(_folder.File("partition-0.json"), "{\"next_offset\": 5, \"by_prod");
        var fault = Assert.Throws<PurchaseStateException>(() => new PartitionStateFiles(_folder.File(".")).Load(0));
        Assert.Contains("partition-0.json", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchProducer_UnknownSetting_IsNamed()
    {
        var fault = Assert.Throws<InvalidOperationException>(
            () => new Adapters.Kafka.BatchProducer([new("no.such.setting", "1")], "t", (_, _) => { }));
        Assert.Contains("no.such.setting", fault.Message, StringComparison.Ordinal);
    }

    private string Write(string json)
    {
        var path = _folder.File("purchases.json");
        File.WriteAllText(path, json);
        return path;
    }
}
