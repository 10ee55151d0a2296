using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Kafka.DeadLetters;
using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Kafka;

/// <summary>On the test broker; see <see cref="TestKafka"/>.</summary>
public sealed class KafkaDeadLetterLogContractTests : DeadLetterLogContract
{
    private TestKafka? _kafka;
    private KafkaDeadLetterLog? _log;

    public override async ValueTask DisposeAsync()
    {
        if (_kafka is not null)
        {
            await _kafka.DisposeAsync();
        }
    }

    [Fact]
    public async Task RetryAsync_OneLetter_IsSentToItsPartitionAndMarked()
    {
        var cancel = TestContext.Current.CancellationToken;
        await LogAsync();
        var value = "{\"user_id\":\"someone\",\"event_type\":\"hop\"}"u8.ToArray();
        await _log!.AppendAsync(new DeadLetter(2, 40, "event_type: unknown", value), cancel);
        await _log.AppendAsync(new DeadLetter(1, 7, "not JSON", new byte[] { 0xFF }), cancel);
        var letter = (await _log.ReadAsync(cancel))[0];
        Assert.Equal((_kafka!.Options.Topic, null), (letter.Topic, letter.RetriedAt));

        await _log.RetryAsync(letter, cancel);

        var kept = await _log.ReadAsync(cancel);
        Assert.Equal([true, false], kept.Select(l => l.RetriedAt is not null));
        await using var member = await GroupMember.JoinAsync(_kafka.Open(), "group");
        Assert.Equal([(0, 0L), (1, 0L), (2, 1L), (3, 0L)], Enumerable.Range(0, 4).Select(p => (p, member[p].EndOffset)));
        var again = Assert.Single(await member[2].ReadAsync(10, cancel));
        Assert.Equal(value, again.Value.ToArray());
    }

    protected override async Task<IDeadLetterLog> LogAsync()
    {
        _kafka ??= await TestKafka.StartAsync(partitions: 4);
        return _log ??= Open();
    }

    protected override async Task<IDeadLetterLog> RestartAsync()
    {
        await _kafka!.CloseLogsAsync();
        return _log = Open();
    }

    private KafkaDeadLetterLog Open() =>
        _kafka!.Track(new KafkaDeadLetterLog(_kafka.Options, connection: null, _kafka.Metrics, TimeProvider.System, NullLogger.Instance));
}
