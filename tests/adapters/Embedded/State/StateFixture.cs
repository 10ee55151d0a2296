using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Embedded.State;
using Reco.Adapters.Embedded.Storage;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.State;

/// <summary>A state store in a temporary folder that can be closed, damaged and opened again.</summary>
internal sealed class StateFixture : IAsyncDisposable
{
    private readonly TempFolder _temp = new();
    private readonly StorageMetrics _metrics = new();
    private EmbeddedStateStore? _store;

    public StateStoreOptions Options { get; } = new();

    public IStorageDevice Device { get; set; } = DiskDevice.Instance;

    public string Folder => _temp.File("state");

    public string[] Files => [.. Directory.GetFiles(Folder, "*.log").Order(StringComparer.Ordinal)];

    public EmbeddedStateStore Open() =>
        _store ??= EmbeddedStateStore.Open(Folder, "state", Options, Device, _metrics, NullLogger.Instance);

    public async Task<EmbeddedStateStore> ReopenAsync()
    {
        await CloseAsync();
        return Open();
    }

    public async Task CloseAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        _store = null;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _metrics.Dispose();
        _temp.Dispose();
    }
}
