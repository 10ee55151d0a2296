using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Kafka;
using Reco.Adapters.Kafka.DeadLetters;
using Reco.Core.Ports;
using Reco.Workload.Commands;
using Reco.Workload.Testing;

namespace Reco.Workload.Tests.Commands;

/// <summary>On a test broker: librdkafka's mock cluster in a process of its own, which speaks Kafka's protocol.</summary>
public sealed class DeadLettersCommandTests : IDisposable
{
    private readonly StringWriter _out = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task ListAndRetry_TwoLetters_AreShownSentAgainOnceAndMarked()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var broker = await TestBroker.StartAsync([("user-events-all", 8), ("user-events-dlq", 1)], cancellationToken: cancel);
        using var metrics = new KafkaMetrics();
        var options = new KafkaOptions { BootstrapServers = broker.BootstrapServers };
        await using (var log = new KafkaDeadLetterLog(options, connection: null, metrics, TimeProvider.System, NullLogger.Instance))
        {
            await log.AppendAsync(new DeadLetter(3, 11, "event_type: unknown", "{\"event_type\":\"hop\"}"u8.ToArray()), cancel);
            await log.AppendAsync(new DeadLetter(5, 12, "not JSON", new byte[] { 0x1B, 0xFF }), cancel);
        }

        Assert.Equal(0, await Run("dead-letters", "list", "--bootstrap", broker.BootstrapServers));
        Assert.Contains("user-events-all/3/11  event_type: unknown  {\"event_type\":\"hop\"}", Said(), StringComparison.Ordinal);
        Assert.Contains("user-events-all/5/12  not JSON  0x1BFF", Said(), StringComparison.Ordinal);
        Assert.Equal(0, await Run("dead-letters", "retry", "--bootstrap", broker.BootstrapServers, "--partition", "3"));
        Assert.Contains("1 dead letters sent again.", Said(), StringComparison.Ordinal);
        Assert.Equal(0, await Run("dead-letters", "retry", "--bootstrap", broker.BootstrapServers));
        Assert.DoesNotContain("3/11 sent again", Said()[Said().IndexOf("1 dead letters", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Equal(0, await Run("dead-letters", "list", "--bootstrap", broker.BootstrapServers));
        Assert.Contains("2 dead letters, 2 sent again.", Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NoBrokers_SaysSoAndAnswersServerUnavailable()
    {
        Assert.Equal(3, await Run("dead-letters", "list", "--bootstrap", "127.0.0.1:9"));
        Assert.Contains("cannot be read", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4x", "NAME:PARTITIONS")]
    [InlineData("a:0", "NAME:PARTITIONS")]
    public async Task TestBroker_WrongTopics_AnswersWrongArguments(string topics, string said)
    {
        Assert.Equal(1, await Run("test-broker", "--topics", topics));
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
    }

    private string Said() => _out.ToString();

    private Task<int> Run(params string[] args) =>
        RecoCommand.Create(new CommandContext
        {
            Console = CommandContext.ConsoleOver(_out),
            Error = CommandContext.ConsoleOver(_error),
            Time = TimeProvider.System,
            Products = () => [],
        })
        .Parse(args)
        .InvokeAsync(new InvocationConfiguration { Output = _out, Error = _error }, TestContext.Current.CancellationToken);
}
