using System.Text;
using Reco.Adapters.Embedded.Journal;
using Reco.Adapters.Embedded.Storage;
using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.Journal;

public sealed class EventJournalTests : IAsyncDisposable
{
    private readonly JournalFixture _fixture = new(partitions: 2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int UsersPartition => Partitioner.PartitionOf("user", 2);

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task AppendAsync_PastTheSegmentSize_RollsToAFileNamedByItsFirstOffset()
    {
        _fixture.Options.SegmentBytes = 300;
        var texts = Enumerable.Range(0, 100).Select(i => $"record {i}").ToList();
        await _fixture.AppendAsync(texts);
        Assert.Equal(texts, await _fixture.ReadAsync(UsersPartition));
        var names = _fixture.Files(UsersPartition).Select(f => Path.GetFileNameWithoutExtension(f)!).ToList();
        Assert.True(names.Count > 5, $"{names.Count} segments");
        Assert.Equal("00000000000000000000", names[0]);
        Assert.All(names, n => Assert.Equal(20, n.Length));

        await _fixture.ReopenAsync();
        Assert.Equal(texts, await _fixture.ReadAsync(UsersPartition));
        Assert.Equal(100, await _fixture.Open().VerifyAsync(Cancel));
        Assert.Equal(names, _fixture.Files(UsersPartition).Select(f => Path.GetFileNameWithoutExtension(f)!));
    }

    [Fact]
    public async Task Seek_RandomOffsetsOverSegmentsBeforeAndAfterReopening_AgreeWithAList()
    {
        (_fixture.Options.SegmentBytes, _fixture.Options.IndexIntervalBytes, _fixture.Options.ReadBufferBytes) = (2_000, 100, 256);
        var random = new Random(5);
        var texts = Enumerable.Range(0, 400).Select(i => $"{i} {new string('x', random.Next(300))}").ToList();
        foreach (var batch in texts.Chunk(13))
        {
            await _fixture.AppendAsync(batch, together: true);
        }

        for (var opening = 0; opening < 2; opening++)
        {
            await using (var member = await GroupMember.JoinAsync(_fixture.Open(), "group"))
            {
                var reader = member[UsersPartition];
                for (var i = 0; i < 200; i++)
                {
                    var offset = random.Next(texts.Count);
                    reader.Seek(offset);
                    foreach (var record in await reader.ReadAsync(random.Next(1, 9), Cancel))
                    {
                        Assert.Equal((offset, texts[offset]), ((int)record.Offset, Encoding.UTF8.GetString(record.Value.Span)));
                        offset++;
                    }
                }
            }

            await _fixture.ReopenAsync();
        }
    }

    [Fact]
    public async Task ReadAsync_Record_HasTheClocksAppendTime()
    {
        await _fixture.AppendAsync(["one"]);
        var first = _fixture.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        _fixture.Clock.Advance(TimeSpan.FromSeconds(90));
        await _fixture.AppendAsync(["two"]);
        await using var member = await GroupMember.JoinAsync(_fixture.Open(), "group");
        var records = await member.ReadToEndAsync(UsersPartition, 0);
        Assert.Equal([first, first + 90_000], records.Select(r => r.AppendedAtMs));
    }

    [Fact]
    public async Task Open_OtherPartitionCount_SaysWhichToSet()
    {
        _fixture.Open();
        await _fixture.CloseAsync();
        using var metrics = new StorageMetrics();
        var e = Assert.Throws<EventLogException>(() => EventJournal.Open(
            _fixture.Folder, 3, new JournalOptions(), TimeProvider.System, metrics,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        Assert.Contains("has 2 partitions, not 3", e.Message);
        _fixture.Open();
    }

    [Fact]
    public void Open_FolderInUse_SaysSo()
    {
        _fixture.Open();
        using var metrics = new StorageMetrics();
        var e = Assert.Throws<EventLogException>(() => EventJournal.Open(
            _fixture.Folder, 2, new JournalOptions(), TimeProvider.System, metrics,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        Assert.Contains("in use by another process", e.Message);
    }

    [Fact]
    public async Task Open_MetadataMissingBesidePartitions_Refuses()
    {
        _fixture.Open();
        await _fixture.CloseAsync();
        File.Delete(Path.Combine(_fixture.Folder, JournalMetadata.FileName));
        Assert.Contains("is missing", Assert.Throws<EventLogException>(() => _fixture.Open()).Message);
    }

    [Fact]
    public async Task ConsumeAsync_SecondMemberOfAGroup_IsRefusedUntilTheFirstLeaves()
    {
        var journal = _fixture.Open();
        await using (await GroupMember.JoinAsync(journal, "group"))
        {
            var e = await Assert.ThrowsAsync<EventLogException>(() => journal.ConsumeAsync("group", new RecordingConsumer(), Cancel));
            Assert.Contains("has a member already", e.Message);
        }

        await using var next = await GroupMember.JoinAsync(journal, "group");
    }

    [Fact]
    public async Task DisposeAsync_WhileConsuming_RevokesFirstAndEndsTheConsumer()
    {
        var journal = _fixture.Open();
        await _fixture.AppendAsync(["one"]);
        var consumer = new RecordingConsumer
        {
            OnRevoked = async reader => await reader.CommitAsync(new CommittedPosition(reader.EndOffset, 3, 4), CancellationToken.None),
        };
        var consuming = journal.ConsumeAsync("group", consumer, Cancel);
        await Deadline.Until(() => consumer.Readers.Count == 2, "both partitions are assigned");
        var waiting = consumer.Readers[1 - UsersPartition].ReadAsync(1, Cancel).AsTask();
        await _fixture.CloseAsync();
        await Assert.ThrowsAsync<EventLogException>(() => consuming.Within("the consumer ends"));
        await Assert.ThrowsAsync<EventLogException>(() => waiting.Within("the reader ends"));
        await using var member = await GroupMember.JoinAsync(_fixture.Open(), "group");
        Assert.Equal(new CommittedPosition(1, 3, 4), member[UsersPartition].Committed);
    }

    [Fact]
    public async Task CommitAsync_AllGroupsPastOldSegments_RetentionDropsThemAndKeepsTheRest()
    {
        (_fixture.Options.SegmentBytes, _fixture.Options.RetentionBytes) = (300, 600);
        await _fixture.AppendAsync(Enumerable.Range(0, 100).Select(i => $"record {i}"));
        var journal = _fixture.Open();
        var files = _fixture.Files(UsersPartition);
        await using (var slow = await GroupMember.JoinAsync(journal, "slow"))
        await using (var fast = await GroupMember.JoinAsync(journal, "fast"))
        {
            await fast[UsersPartition].CommitAsync(new CommittedPosition(100, 0, 0), Cancel);
            Assert.Equal(0, fast[UsersPartition].FirstOffset); // The slow group has not committed at all.

            await slow[UsersPartition].CommitAsync(new CommittedPosition(30, 0, 0), Cancel);
            var first = fast[UsersPartition].FirstOffset;
            Assert.InRange(first, 1, 30);
            Assert.Throws<ArgumentOutOfRangeException>(() => fast[UsersPartition].Seek(first - 1));

            await slow[UsersPartition].CommitAsync(new CommittedPosition(100, 0, 0), Cancel);
            first = fast[UsersPartition].FirstOffset;
            var left = _fixture.Files(UsersPartition);
            Assert.True(first > 30 && left.Length < files.Length && left.Sum(f => new FileInfo(f).Length) >= 600);
            Assert.Equal(
                Enumerable.Range((int)first, 100 - (int)first).Select(i => $"record {i}"),
                (await fast.ReadToEndAsync(UsersPartition, first)).Select(r => r.Text));
        }

        var before = await _fixture.ReadAsync(UsersPartition);
        await _fixture.ReopenAsync();
        Assert.Equal(before, await _fixture.ReadAsync(UsersPartition));
    }

    [Fact]
    public async Task AppendAsync_RecordTooLargeOrWithoutKey_IsRefusedAndNothingIsWritten()
    {
        _fixture.Options.MaxRecordBytes = 10;
        var journal = _fixture.Open();
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await journal.AppendAsync([new LogAppend("user", new byte[3]), new LogAppend("user", new byte[11])], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await journal.AppendAsync([new LogAppend("user", new byte[3]), new LogAppend("", new byte[3])], Cancel));
        await journal.AppendAsync([new LogAppend("user", new byte[10])], Cancel);
        Assert.Equal(1, await journal.VerifyAsync(Cancel));
    }

    [Fact]
    public async Task CommitAsync_PastTheEnd_IsRefused()
    {
        await _fixture.AppendAsync(["one"]);
        await using var member = await GroupMember.JoinAsync(_fixture.Open(), "group");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await member[UsersPartition].CommitAsync(new CommittedPosition(2, 0, 0), Cancel));
        Assert.Null(member[UsersPartition].Committed);
    }
}
