using System.Text;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Contracts;

/// <summary>What every event log does. A test gets a log of its own, empty, with <see cref="Partitions"/> partitions.</summary>
public abstract class EventLogContract : IAsyncDisposable
{
    protected const int Partitions = 4;

    /// <summary>The log under test; the same at every call.</summary>
    protected abstract Task<IEventLog> LogAsync();

    /// <summary>As if the process had been stopped and started: what was durable is there.</summary>
    protected abstract Task<IEventLog> RestartAsync();

    public abstract ValueTask DisposeAsync();

    protected static LogAppend Event(string user, int number) => new(user, Encoding.UTF8.GetBytes($"{user}:{number}"));

    protected static string UserOf(int partition) =>
        Enumerable.Range(0, 10_000).Select(i => $"user-{i}").First(u => Partitioner.PartitionOf(u, Partitions) == partition);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendAsync_ManyUsers_EachInItsPartitionInOrder()
    {
        var log = await LogAsync();
        var events = Enumerable.Range(0, 300).Select(i => Event($"user-{i % 37}", i)).ToList();
        foreach (var batch in events.Chunk(50))
        {
            await log.AppendAsync(batch, Cancel);
        }

        await using var member = await GroupMember.JoinAsync(log, "group");
        for (var p = 0; p < Partitions; p++)
        {
            var expected = events
                .Where(e => Partitioner.PartitionOf(e.Key, Partitions) == p)
                .Select(e => Encoding.UTF8.GetString(e.Value.Span));
            var found = await member.ReadToEndAsync(p, 0);
            Assert.Equal(expected, found.Select(r => r.Text));
            Assert.Equal(Enumerable.Range(0, found.Count).Select(i => (long)i), found.Select(r => r.Offset));
        }
    }

    [Fact]
    public async Task AppendAsync_NoRecords_ChangesNothing()
    {
        var log = await LogAsync();
        await log.AppendAsync([], Cancel);
        await using var member = await GroupMember.JoinAsync(log, "group");
        Assert.All(Enumerable.Range(0, Partitions), p => Assert.Equal(0, member[p].EndOffset));
    }

    [Fact]
    public async Task AppendAsync_AlreadyCancelled_WritesNothing()
    {
        var log = await LogAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await log.AppendAsync([Event("user-1", 1)], new CancellationToken(canceled: true)));
        await using var member = await GroupMember.JoinAsync(log, "group");
        Assert.All(Enumerable.Range(0, Partitions), p => Assert.Equal(0, member[p].EndOffset));
    }

    [Fact]
    public async Task AppendAsync_ManyAtOnce_LosesNothingAndKeepsEachCallersOrder()
    {
        const int Callers = 8;
        const int EventsEach = 200;
        var log = await LogAsync();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(c => Task.Run(
            async () =>
            {
                for (var i = 0; i < EventsEach; i += 4)
                {
                    await log.AppendAsync([.. Enumerable.Range(i, 4).Select(n => Event($"caller-{c}", n))], Cancel);
                }
            },
            Cancel)));

        await using var member = await GroupMember.JoinAsync(log, "group");
        var texts = new List<string>();
        for (var p = 0; p < Partitions; p++)
        {
            texts.AddRange((await member.ReadToEndAsync(p, 0)).Select(r => r.Text));
        }

        Assert.Equal(Callers * EventsEach, texts.Count);
        for (var c = 0; c < Callers; c++)
        {
            Assert.Equal(
                Enumerable.Range(0, EventsEach).Select(n => $"caller-{c}:{n}"),
                texts.Where(t => t.StartsWith($"caller-{c}:", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task ReadAsync_NothingThere_WaitsForTheFirstRecord()
    {
        var log = await LogAsync();
        await using var member = await GroupMember.JoinAsync(log, "group");
        var partition = Partitioner.PartitionOf("user-1", Partitions);
        var waiting = member[partition].ReadAsync(10, Cancel).AsTask();
        Assert.False(waiting.IsCompleted);
        await log.AppendAsync([Event("user-1", 7)], Cancel);
        var batch = await waiting.Within("the waiting reader gets the record");
        Assert.Equal("user-1:7", Encoding.UTF8.GetString(Assert.Single(batch).Value.Span));
    }

    [Fact]
    public async Task ReadAsync_CancelledWhileWaiting_EndsAndCanReadAgain()
    {
        var log = await LogAsync();
        await using var member = await GroupMember.JoinAsync(log, "group");
        var reader = member[Partitioner.PartitionOf("user-1", Partitions)];
        using var cancel = new CancellationTokenSource();
        var waiting = reader.ReadAsync(10, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("the cancelled read ends"));
        await log.AppendAsync([Event("user-1", 8)], Cancel);
        Assert.Single(await reader.ReadAsync(10, Cancel).AsTask().Within("the record is read"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task Seek_AnyOffset_ReadsOnFromThere(int maxRecords)
    {
        var log = await LogAsync();
        var user = UserOf(2);
        await log.AppendAsync([.. Enumerable.Range(0, 60).Select(i => Event(user, i))], Cancel);
        await using var member = await GroupMember.JoinAsync(log, "group");
        foreach (var from in new[] { 59, 0, 31, 30, 60 })
        {
            var found = await member.ReadToEndAsync(2, from, maxRecords);
            Assert.Equal(Enumerable.Range(from, 60 - from).Select(i => $"{user}:{i}"), found.Select(r => r.Text));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public async Task Seek_OutsideTheLog_IsRefused(long offset)
    {
        var log = await LogAsync();
        var user = UserOf(1);
        await log.AppendAsync([.. Enumerable.Range(0, 3).Select(i => Event(user, i))], Cancel);
        await using var member = await GroupMember.JoinAsync(log, "group");
        Assert.Throws<ArgumentOutOfRangeException>(() => member[1].Seek(offset));
        Assert.Equal((0L, 3L), (member[1].FirstOffset, member[1].EndOffset));
    }

    [Fact]
    public async Task CommitAsync_ThenRestart_IsTheGroupsAndThePartitionsOwn()
    {
        var log = await LogAsync();
        await log.AppendAsync([.. Enumerable.Range(0, Partitions).SelectMany(p => Enumerable.Range(0, 9).Select(i => Event(UserOf(p), i)))], Cancel);
        var committed = new CommittedPosition(5, 1_700_000_000_123, 1_700_000_000_456);
        await using (var member = await GroupMember.JoinAsync(log, "a"))
        {
            Assert.Null(member[1].Committed);
            await member[1].CommitAsync(new CommittedPosition(3, long.MinValue, 1), Cancel);
            await member[1].CommitAsync(committed, Cancel);
            Assert.Equal(committed, member[1].Committed);
            Assert.Null(member[2].Committed);
        }

        log = await RestartAsync();
        await using (var member = await GroupMember.JoinAsync(log, "a"))
        {
            Assert.Equal(committed, member[1].Committed);
            Assert.Null(member[2].Committed);
            Assert.Equal(9, (await member.ReadToEndAsync(1, 0)).Count);
        }

        await using var other = await GroupMember.JoinAsync(log, "b");
        Assert.Null(other[1].Committed);
    }

    [Fact]
    public async Task ConsumeAsync_TwoGroups_AreIndependent()
    {
        var log = await LogAsync();
        var user = UserOf(0);
        await log.AppendAsync([.. Enumerable.Range(0, 10).Select(i => Event(user, i))], Cancel);
        await using var a = await GroupMember.JoinAsync(log, "a");
        await using var b = await GroupMember.JoinAsync(log, "b");
        await a[0].CommitAsync(new CommittedPosition(10, 0, 0), Cancel);
        Assert.Equal(10, (await a.ReadToEndAsync(0, 0)).Count);
        Assert.Equal(10, (await b.ReadToEndAsync(0, 0)).Count);
        Assert.Null(b[0].Committed);
    }

    [Fact]
    public async Task ConsumeAsync_Cancelled_RevokesEveryPartitionWhichCanStillCommit()
    {
        var log = await LogAsync();
        var user = UserOf(3);
        await log.AppendAsync([.. Enumerable.Range(0, 4).Select(i => Event(user, i))], Cancel);
        var consumer = new RecordingConsumer
        {
            OnRevoked = async reader => await reader.CommitAsync(new CommittedPosition(reader.EndOffset, 1, 2), CancellationToken.None),
        };
        var member = await GroupMember.JoinAsync(log, "group", consumer);
        var reader = member[3];
        await member.DisposeAsync();
        Assert.Equal(
            Enumerable.Range(0, Partitions).Select(p => $"revoked {p}").Order(), consumer.Told.Where(t => !t.StartsWith("assigned")).Order());
        await Assert.ThrowsAsync<EventLogException>(async () => await reader.CommitAsync(new CommittedPosition(1, 1, 2), Cancel));

        await using var next = await GroupMember.JoinAsync(log, "group");
        Assert.Equal(new CommittedPosition(4, 1, 2), next[3].Committed);
    }

    [Fact]
    public async Task RestartAsync_AfterAppends_KeepsRecordsOffsetsAndTimes()
    {
        var log = await LogAsync();
        var user = UserOf(2);
        await log.AppendAsync([.. Enumerable.Range(0, 25).Select(i => Event(user, i))], Cancel);
        List<ReadBack> before;
        await using (var member = await GroupMember.JoinAsync(log, "group"))
        {
            before = await member.ReadToEndAsync(2, 0);
        }

        log = await RestartAsync();
        await log.AppendAsync([Event(user, 25)], Cancel);
        await using var again = await GroupMember.JoinAsync(log, "group");
        var after = await again.ReadToEndAsync(2, 0);
        Assert.Equal(before, after[..25]);
        Assert.Equal((25L, $"{user}:25"), (after[25].Offset, after[25].Text));
    }
}
