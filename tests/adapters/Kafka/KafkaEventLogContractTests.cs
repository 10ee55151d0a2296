using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Kafka;

/// <summary>On the test broker; see <see cref="TestKafka"/>.</summary>
public sealed class KafkaEventLogContractTests : EventLogContract
{
    private TestKafka? _kafka;
    private IEventLog? _log;

    public override async ValueTask DisposeAsync()
    {
        if (_kafka is not null)
        {
            await _kafka.DisposeAsync();
        }
    }

    protected override async Task<IEventLog> LogAsync()
    {
        _kafka ??= await TestKafka.StartAsync(Partitions);
        return _log ??= _kafka.Open();
    }

    protected override async Task<IEventLog> RestartAsync()
    {
        await _kafka!.CloseLogsAsync();
        return _log = _kafka.Open();
    }
}
