using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.State;

public sealed class EmbeddedStateStoreContractTests : StateStoreContract
{
    private readonly StateFixture _fixture = new();

    public override ValueTask DisposeAsync() => _fixture.DisposeAsync();

    protected override Task<IStateStore> StoreAsync() => Task.FromResult<IStateStore>(_fixture.Open());

    protected override async Task<IStateStore> RestartAsync() => await _fixture.ReopenAsync();
}

/// <summary>The same with tiny segments and a tiny queue, so that it rolls, waits and compacts all the time.</summary>
public sealed class TinyStateStoreContractTests : StateStoreContract
{
    private readonly StateFixture _fixture = new() { Options = { SegmentBytes = 200, QueueBytes = 300 } };

    public override ValueTask DisposeAsync() => _fixture.DisposeAsync();

    protected override Task<IStateStore> StoreAsync() => Task.FromResult<IStateStore>(_fixture.Open());

    protected override async Task<IStateStore> RestartAsync() => await _fixture.ReopenAsync();
}
