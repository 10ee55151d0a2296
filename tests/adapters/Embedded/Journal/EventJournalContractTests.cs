using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.Journal;

public sealed class EventJournalContractTests : EventLogContract
{
    private readonly JournalFixture _fixture = new(Partitions);

    public override ValueTask DisposeAsync() => _fixture.DisposeAsync();

    protected override Task<IEventLog> LogAsync() => Task.FromResult<IEventLog>(_fixture.Open());

    protected override async Task<IEventLog> RestartAsync() => await _fixture.ReopenAsync();
}

/// <summary>The same with tiny segments and buffers, so that every boundary is crossed many times.</summary>
public sealed class TinyEventJournalContractTests : EventLogContract
{
    private readonly JournalFixture _fixture = new(Partitions)
    {
        Options = { SegmentBytes = 100, QueueBytes = 200, ReadBufferBytes = 16, IndexIntervalBytes = 1 },
    };

    public override ValueTask DisposeAsync() => _fixture.DisposeAsync();

    protected override Task<IEventLog> LogAsync() => Task.FromResult<IEventLog>(_fixture.Open());

    protected override async Task<IEventLog> RestartAsync() => await _fixture.ReopenAsync();
}
