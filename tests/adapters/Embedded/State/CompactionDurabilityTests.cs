using Reco.Adapters.Embedded.Storage;
using Reco.Adapters.Tests.Embedded.Storage;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.State;

/// <summary>Compaction must not count on a write that is accepted but not yet on the disk: if that is lost, the old value holds.</summary>
public sealed class CompactionDurabilityTests : IAsyncDisposable
{
    /// <summary>How long the flush waits to see whether compaction removes a file that it must not; a bound, not a pause.</summary>
    private static readonly TimeSpan Chance = TimeSpan.FromSeconds(1);

    private readonly FaultyDevice _device = new();
    private readonly StateFixture _fixture;

    public CompactionDurabilityTests() =>
        _fixture = new StateFixture { Device = _device, Options = { SegmentBytes = 4_096, GarbageRatio = 0.95 } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Compaction_NewerWriteIsAcceptedButItsFlushFails_TheAcknowledgedValueStays(bool isRemoval)
    {
        var store = _fixture.Open();
        var old = new byte[5_000];
        new Random(1).NextBytes(old);
        await store.WriteAsync("key", old, Cancel); // Fills the first segment,
        await store.WriteAsync("other", new byte[10], Cancel); // closed by this one.

        using var firstFlush = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        using var deleted = new ManualResetEventSlim();
        var deletedTooEarly = false;
        var flushes = 0;
        _device.OnDelete = _ => deleted.Set();
        _device.OnFlush = _ =>
        {
            if (Interlocked.Increment(ref flushes) == 1)
            {
                firstFlush.Release();
                goOn.Wait(Deadline.Default);
                return;
            }

            deletedTooEarly = deleted.Wait(Chance);
            throw new IOException("Input/output error.");
        };
        var trigger = store.WriteAsync("other", new byte[11], Cancel).AsTask();
        Assert.True(await firstFlush.WaitAsync(Deadline.Default, Cancel));
        var newer = isRemoval
            ? store.RemoveAsync("key", Cancel).AsTask()
            : store.WriteAsync("key", new byte[3], Cancel).AsTask(); // Accepted: the first segment is all garbage now.
        goOn.Release();
        await trigger.Within("the write before is durable, which starts compaction");
        await Assert.ThrowsAsync<StorageException>(() => newer.Within("the newer write fails"));

        _device.OnFlush = _ => { };
        store = await _fixture.ReopenAsync();
        Assert.Equal(old, await store.ReadAsync("key", Cancel));
        Assert.False(deletedTooEarly);
    }
}
