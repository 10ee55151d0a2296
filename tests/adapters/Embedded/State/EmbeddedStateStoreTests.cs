using System.Text;
using Reco.Adapters.Embedded.Storage;
using Reco.Adapters.Tests.Embedded.Storage;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.State;

public sealed class EmbeddedStateStoreTests : IAsyncDisposable
{
    private readonly FaultyDevice _device = new();
    private readonly StateFixture _fixture;

    public EmbeddedStateStoreTests() => _fixture = new StateFixture { Device = _device };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task ReadAsync_WriteNotYetDurable_AnswersTheLatestAccepted()
    {
        var store = _fixture.Open();
        await store.WriteAsync("key", "old"u8.ToArray(), Cancel);
        using var flushing = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        _device.OnFlush = _ =>
        {
            flushing.Set();
            go.Wait(Deadline.Default);
        };
        var write = store.WriteAsync("key", "new"u8.ToArray(), Cancel).AsTask();
        Assert.True(flushing.Wait(Deadline.Default, Cancel));
        Assert.False(write.IsCompleted);
        Assert.Equal("new"u8.ToArray(), await store.ReadAsync("key", Cancel));
        go.Set();
        await write.Within("the write is durable");
        Assert.Equal("new"u8.ToArray(), await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task WriteAsync_SixThousandAtOnce_ShareAFewFlushes()
    {
        var store = _fixture.Open();
        var before = _device.Flushes;
        var value = new byte[5_000];
        await Task.WhenAll(Enumerable.Range(0, 6_000).Select(i => store.WriteAsync($"key/{i}", value, Cancel).AsTask()))
            .Within("the checkpoint is durable");

        // How many depends on how fast the writers come while a flush is under way, and so on what else runs; one each would be 6,000.
        Assert.InRange(_device.Flushes - before, 1, 600);
        Assert.Equal(6_000, store.Keys("key/").Count);
    }

    [Fact]
    public async Task WriteAsync_FlushFails_FailsAndTheStoreRefusesUntilReopenedWithTheOldValue()
    {
        var store = _fixture.Open();
        await store.WriteAsync("key", "old"u8.ToArray(), Cancel);
        _device.OnFlush = _ => throw new IOException("Input/output error.");
        await Assert.ThrowsAsync<StorageException>(async () => await store.WriteAsync("key", "new"u8.ToArray(), Cancel));
        _device.OnFlush = _ => { };
        await Assert.ThrowsAsync<StorageException>(async () => await store.WriteAsync("key", "newer"u8.ToArray(), Cancel));
        await Assert.ThrowsAsync<StorageException>(async () => await store.ReadAsync("key", Cancel));
        store = await _fixture.ReopenAsync();
        Assert.Equal("old"u8.ToArray(), await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Open_CutAtEveryByteOfTheLastWrite_HasTheValueBefore()
    {
        var store = _fixture.Open();
        await store.WriteAsync("key", "old"u8.ToArray(), Cancel);
        var before = new FileInfo(_fixture.Files.Single()).Length;
        await store.WriteAsync("key", Encoding.UTF8.GetBytes("new value"), Cancel);
        await _fixture.CloseAsync();
        var file = _fixture.Files.Single();
        var whole = await File.ReadAllBytesAsync(file, Cancel);
        for (var length = (int)before; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(file, whole[..length], Cancel);
            store = await _fixture.ReopenAsync();
            Assert.Equal("old"u8.ToArray(), await store.ReadAsync("key", Cancel));
            Assert.Equal(length - before, store.Cut?.BytesCut ?? 0);
            await _fixture.CloseAsync();
        }
    }

    [Fact]
    public async Task Open_DamageBeforeGoodRecords_StopsNamingFileAndByte()
    {
        var store = _fixture.Open();
        await store.WriteAsync("a", new byte[40], Cancel);
        await store.WriteAsync("b", new byte[40], Cancel);
        await _fixture.CloseAsync();
        var bytes = await File.ReadAllBytesAsync(_fixture.Files.Single(), Cancel);
        bytes[30] ^= 1;
        await File.WriteAllBytesAsync(_fixture.Files.Single(), bytes, Cancel);
        Assert.Contains($"'{_fixture.Files.Single()}' is damaged at byte 0", Assert.Throws<StorageException>(() => _fixture.Open()).Message);
    }

    [Fact]
    public async Task Open_DamageInAClosedSegment_Stops()
    {
        _fixture.Options.SegmentBytes = 100;
        var store = _fixture.Open();
        for (var i = 0; i < 5; i++)
        {
            await store.WriteAsync($"key/{i}", new byte[100], Cancel);
        }

        await _fixture.CloseAsync();
        await File.WriteAllBytesAsync(_fixture.Files[0], (await File.ReadAllBytesAsync(_fixture.Files[0], Cancel))[..^1], Cancel);
        Assert.Contains($"'{_fixture.Files[0]}' is damaged at byte 0", Assert.Throws<StorageException>(() => _fixture.Open()).Message);
    }

    [Fact]
    public async Task Compaction_OneKeyOverwrittenForever_KeepsTheDiskSmall()
    {
        _fixture.Options.SegmentBytes = 10_000;
        var store = _fixture.Open();
        await store.WriteAsync("kept", Encoding.UTF8.GetBytes("kept"), Cancel);
        for (var i = 0; i < 300; i++)
        {
            await store.WriteAsync("key", new byte[2_000], Cancel);
        }

        await Deadline.Until(() => _fixture.Files.Length <= 3, "old segments are compacted away");
        Assert.Equal("kept"u8.ToArray(), await store.ReadAsync("kept", Cancel));
        store = await _fixture.ReopenAsync();
        Assert.Equal("kept"u8.ToArray(), await store.ReadAsync("kept", Cancel));
        Assert.Equal(2_000, (await store.ReadAsync("key", Cancel))!.Length);
    }

    [Fact]
    public async Task Compaction_EverythingRemoved_TombstonesGoToo()
    {
        _fixture.Options.SegmentBytes = 2_000;
        var store = _fixture.Open();
        for (var i = 0; i < 100; i++)
        {
            await store.WriteAsync($"key/{i}", new byte[100], Cancel);
        }

        for (var i = 0; i < 100; i++)
        {
            await store.RemoveAsync($"key/{i}", Cancel);
        }

        // Compaction runs after a write; a few of another key let it take what the round before made garbage.
        await Deadline.Until(
            async () =>
            {
                await store.WriteAsync("other", new byte[1_000], Cancel);
                return store.Size.Bytes < 6_000;
            },
            "tombstones are compacted away");
        store = await _fixture.ReopenAsync();
        Assert.Equal(["other"], store.Keys(""));
    }

    [Fact]
    public async Task WriteAsync_BadKeyOrTooLarge_IsRefused()
    {
        _fixture.Options.MaxValueBytes = 10;
        var store = _fixture.Open();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.WriteAsync("key", new byte[11], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.WriteAsync("", new byte[1], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.WriteAsync(new string('ä', 513), new byte[1], Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.WriteAsync("\ud800", new byte[1], Cancel));
        await store.WriteAsync(new string('ä', 512), new byte[10], Cancel);
        Assert.Single(store.Keys(""));
    }

    [Fact]
    public void Open_FolderInUse_SaysSo()
    {
        _fixture.Open();
        using var other = new StorageMetrics();
        var e = Assert.Throws<StorageException>(() => Adapters.Embedded.State.EmbeddedStateStore.Open(
            _fixture.Folder, _fixture.Options, other, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        Assert.Contains("in use by another process", e.Message);
    }
}
