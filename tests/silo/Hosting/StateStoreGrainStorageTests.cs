using System.Text;
using Orleans;
using Orleans.Runtime;
using Reco.Silo.Hosting;
using Reco.Silo.Tests.Support;

namespace Reco.Silo.Tests.Hosting;

public sealed class StateStoreGrainStorageTests
{
    private static readonly GrainId Ann = GrainId.Create("user", "ann");

    private readonly MemoryStateStore _store = new();
    private readonly StateStoreGrainStorage _storage;

    public StateStoreGrainStorageTests() => _storage = new StateStoreGrainStorage(_store);

    [Fact]
    public async Task ReadState_AfterWriteState_IsTheSame()
    {
        var written = new GrainState<Kept>(new Kept { Bytes = [0, 1, 255], Count = 7 });
        await _storage.WriteStateAsync("profile", Ann, written);
        Assert.True(written.RecordExists);
        var read = new GrainState<Kept>(new Kept());
        await _storage.ReadStateAsync("profile", Ann, read);
        Assert.True(read.RecordExists);
        Assert.Equal([0, 1, 255], read.State!.Bytes);
        Assert.Equal(7, read.State.Count);
    }

    [Fact]
    public async Task ReadState_Missing_LeavesTheValueAndSaysSo()
    {
        var read = new GrainState<Kept>(new Kept { Count = 3 }) { RecordExists = true };
        await _storage.ReadStateAsync("profile", Ann, read);
        Assert.False(read.RecordExists);
        Assert.Equal(3, read.State!.Count);
    }

    [Fact]
    public async Task WriteState_OtherGrainOrName_IsAnotherRecord()
    {
        await _storage.WriteStateAsync("profile", Ann, new GrainState<Kept>(new Kept { Count = 1 }));
        await _storage.WriteStateAsync("profile", GrainId.Create("user", "bob"), new GrainState<Kept>(new Kept { Count = 2 }));
        await _storage.WriteStateAsync("other", Ann, new GrainState<Kept>(new Kept { Count = 3 }));
        var read = new GrainState<Kept>();
        await _storage.ReadStateAsync("profile", Ann, read);
        Assert.Equal(1, read.State!.Count);
        Assert.Equal(3, _store.Values.Count);
    }

    [Fact]
    public async Task ClearState_Written_IsGoneAndFresh()
    {
        var state = new GrainState<Kept>(new Kept { Count = 1 });
        await _storage.WriteStateAsync("profile", Ann, state);
        await _storage.ClearStateAsync("profile", Ann, state);
        Assert.False(state.RecordExists);
        Assert.Equal(0, state.State!.Count);
        Assert.Empty(_store.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1,2]")]
    [InlineData("\u0001\u0002\u0003")]
    public async Task ReadState_Garbage_ThrowsNamingTheGrain(string stored)
    {
        await _storage.WriteStateAsync("profile", Ann, new GrainState<Kept>(new Kept()));
        _store.Values[Assert.Single(_store.Values.Keys)] = Encoding.UTF8.GetBytes(stored);
        var failure = await Assert.ThrowsAsync<InvalidDataException>(
            () => _storage.ReadStateAsync("profile", Ann, new GrainState<Kept>(new Kept())));
        Assert.Contains("user/ann", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadState_GarbageOfAGrainWithEncodedState_IsHandedToThatGrain()
    {
        await _storage.WriteStateAsync("profile", Ann, new GrainState<Reco.Grains.State.EncodedState>(new() { Bytes = [1, 2] }));
        _store.Values[Assert.Single(_store.Values.Keys)] = [200, 1];
        var read = new GrainState<Reco.Grains.State.EncodedState>(new());

        await _storage.ReadStateAsync("profile", Ann, read);

        Assert.Equal([200, 1], read.State!.Bytes);
    }

    private sealed class Kept
    {
        public byte[] Bytes { get; set; } = [];

        public int Count { get; set; }
    }
}
