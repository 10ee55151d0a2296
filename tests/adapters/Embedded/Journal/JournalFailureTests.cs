using System.Text;
using Reco.Adapters.Tests.Contracts;
using Reco.Adapters.Tests.Embedded.Storage;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.Journal;

public sealed class JournalFailureTests : IAsyncDisposable
{
    private readonly FaultyDevice _device = new();
    private readonly JournalFixture _fixture;

    public JournalFailureTests() => _fixture = new JournalFixture(partitions: 1) { Device = _device };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(30)]
    public async Task AppendAsync_DiskFullInTheMiddleOfAWrite_FailsAndReopeningHasOnlyWhatWasAcknowledged(int bytesThatFit)
    {
        await _fixture.AppendAsync(["one", "two"]);
        _device.OnWrite = (_, bytes) => Math.Min(bytes, bytesThatFit);
        var e = await Assert.ThrowsAsync<EventLogException>(() => _fixture.AppendAsync([new string('3', 50)]));
        Assert.Contains("No space left", e.Message);

        _device.OnWrite = (_, bytes) => bytes;
        await Assert.ThrowsAsync<EventLogException>(() => _fixture.AppendAsync(["four"])); // Refused until reopened.
        Assert.NotNull(_fixture.Open().Failure);
        Assert.Equal(["one", "two"], await _fixture.ReadAsync()); // Reading goes on.

        await _fixture.ReopenAsync();
        Assert.Empty(_fixture.Open().Cuts); // The failed write was taken back at once.
        await _fixture.AppendAsync(["five"]);
        Assert.Equal(["one", "two", "five"], await _fixture.ReadAsync());
    }

    [Fact]
    public async Task AppendAsync_FlushFails_FailsEveryWaitingAppendAndNoneIsReadable()
    {
        await _fixture.AppendAsync(["one"]);
        using var flushing = new ManualResetEventSlim();
        using var fail = new ManualResetEventSlim();
        _device.OnFlush = _ =>
        {
            flushing.Set();
            fail.Wait(Deadline.Default);
            throw new IOException("Input/output error.");
        };
        var journal = _fixture.Open();
        var first = Append(journal, "in the failing flush", Cancel);
        Assert.True(flushing.Wait(Deadline.Default, Cancel));
        var later = Enumerable.Range(0, 5).Select(i => Append(journal, $"waiting {i}", Cancel)).ToList();
        fail.Set();
        foreach (var append in later.Append(first))
        {
            await Assert.ThrowsAsync<EventLogException>(() => append.Within("the append fails"));
        }

        _device.OnFlush = _ => { };
        await _fixture.ReopenAsync();
        Assert.Equal(["one"], await _fixture.ReadAsync());
    }

    [Fact]
    public async Task AppendAsync_NewSegmentCannotBeMade_FailsAndReopens()
    {
        _fixture.Options.SegmentBytes = 50;
        await _fixture.AppendAsync(["one", new string('2', 60)]);
        Directory.CreateDirectory(Path.Combine(_fixture.PartitionFolder(0), "00000000000000000002.log"));
        await Assert.ThrowsAsync<EventLogException>(() => _fixture.AppendAsync(["three"]));
        Directory.Delete(Path.Combine(_fixture.PartitionFolder(0), "00000000000000000002.log"));
        await _fixture.ReopenAsync();
        await _fixture.AppendAsync(["three"]);
        Assert.Equal(["one", new string('2', 60), "three"], await _fixture.ReadAsync());
    }

    [Fact]
    public async Task AppendAsync_WhileTheDiskIsBusy_SharesOneFlush()
    {
        var journal = _fixture.Open();
        using var flushing = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        _device.OnFlush = _ =>
        {
            flushing.Set();
            go.Wait(Deadline.Default);
        };
        var before = _device.Flushes;
        var appends = new List<Task> { Append(journal, "0", Cancel) };
        Assert.True(flushing.Wait(Deadline.Default, Cancel));
        appends.AddRange(Enumerable.Range(1, 500).Select(i => Append(journal, $"{i}", Cancel)));
        Assert.All(appends, a => Assert.False(a.IsCompleted)); // Nothing is acknowledged that is not durable.
        go.Set();
        await Task.WhenAll(appends).Within("the appends are durable");
        Assert.Equal(2, _device.Flushes - before);
        Assert.Equal(Enumerable.Range(0, 501).Select(i => $"{i}"), await _fixture.ReadAsync());
    }

    [Fact]
    public async Task AppendAsync_QueueFull_WaitsInOrderAndCanBeCancelled()
    {
        _fixture.Options.QueueBytes = 200;
        var journal = _fixture.Open();
        using var flushing = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        _device.OnFlush = _ =>
        {
            flushing.Set();
            go.Wait(Deadline.Default);
        };
        var appends = new List<Task> { Append(journal, "0", Cancel) };
        Assert.True(flushing.Wait(Deadline.Default, Cancel));
        using var cancel = new CancellationTokenSource();
        appends.AddRange(Enumerable.Range(1, 100).Select(i => Append(journal, $"{i}", Cancel)));
        var cancelled = Append(journal, "cancelled", cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within("the cancelled append ends"));
        go.Set();
        await Task.WhenAll(appends).Within("the appends are durable");
        Assert.Equal(Enumerable.Range(0, 101).Select(i => $"{i}"), await _fixture.ReadAsync());
    }

    [Fact]
    public async Task DisposeAsync_AppendsAccepted_AreFlushedFirst()
    {
        var journal = _fixture.Open();
        var appends = Enumerable.Range(0, 200).Select(i => Append(journal, $"{i}", Cancel)).ToList();
        await _fixture.CloseAsync();
        await Task.WhenAll(appends).Within("the accepted appends complete");
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), await _fixture.ReadAsync());
        await Assert.ThrowsAsync<EventLogException>(() => Append(journal, "late", Cancel));
    }

    [Fact]
    public async Task CommitAsync_DiskFull_FailsAndTheOldCommitStays()
    {
        await _fixture.AppendAsync(["one", "two"]);
        await using (var member = await GroupMember.JoinAsync(_fixture.Open(), "group"))
        {
            await member[0].CommitAsync(new CommittedPosition(1, 5, 6), Cancel);
            _device.OnWrite = (_, _) => 4;
            await Assert.ThrowsAsync<EventLogException>(async () => await member[0].CommitAsync(new CommittedPosition(2, 7, 8), Cancel));
            Assert.Equal(new CommittedPosition(1, 5, 6), member[0].Committed);
        }

        _device.OnWrite = (_, bytes) => bytes;
        await _fixture.ReopenAsync();
        await using var again = await GroupMember.JoinAsync(_fixture.Open(), "group");
        Assert.Equal(new CommittedPosition(1, 5, 6), again[0].Committed);
    }

    private static Task Append(IEventLog log, string text, CancellationToken cancellationToken) =>
        log.AppendAsync([new LogAppend("user", Encoding.UTF8.GetBytes(text))], cancellationToken).AsTask();
}
