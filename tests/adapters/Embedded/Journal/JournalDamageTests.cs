using Reco.Adapters.Embedded.Storage;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.Journal;

public sealed class JournalDamageTests : IAsyncDisposable
{
    private static readonly string[] Texts = ["first", "second, a little longer", "", "fourth", "the fifth and last record"];

    private readonly JournalFixture _fixture = new(partitions: 1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_CutAtEveryByteOfTheLastTwoRecords_KeepsExactlyTheRecordsBefore(bool together)
    {
        await _fixture.AppendAsync(Texts, together);
        await _fixture.CloseAsync();
        var file = _fixture.Files(0).Single();
        var whole = await File.ReadAllBytesAsync(file, Cancel);
        var ends = RecordEnds();
        Assert.Equal(whole.Length, ends[^1]);
        for (var length = ends[2]; length <= whole.Length; length++)
        {
            await _fixture.CloseAsync();
            await File.WriteAllBytesAsync(file, whole[..length], Cancel);
            var kept = ends.Count(end => end <= length);
            Assert.Equal(Texts[..kept], await _fixture.ReadAsync());
            var goodEnd = ends[kept - 1];
            var cut = length == goodEnd ? null : new TailCut(file, goodEnd, length - goodEnd);
            Assert.Equal(cut, _fixture.Open().Cuts.SingleOrDefault());
            await _fixture.AppendAsync(["after"]);
            Assert.Equal([.. Texts[..kept], "after"], await _fixture.ReadAsync());
        }
    }

    [Fact]
    public async Task Open_AnyByteOfTheLastRecordFlipped_CutsThatRecord()
    {
        await ForEachFlip(RecordEnds()[3], RecordEnds()[4], async file =>
        {
            Assert.Equal(Texts[..4], await _fixture.ReadAsync());
            Assert.Equal(new TailCut(file, RecordEnds()[3], RecordEnds()[4] - RecordEnds()[3]), Assert.Single(_fixture.Open().Cuts));
        });
    }

    [Fact]
    public async Task Open_AnyByteBeforeAGoodRecordFlipped_StopsNamingFileAndByteAndChangesNothing()
    {
        var ends = RecordEnds();
        var at = 0;
        await ForEachFlip(0, ends[3], async file =>
        {
            var before = await File.ReadAllBytesAsync(file, Cancel);
            var damaged = ends.Prepend(0).Last(start => start <= at);
            var e = Assert.Throws<EventLogException>(() => _fixture.Open());
            Assert.Contains($"'{file}' is damaged at byte {damaged}:", e.Message);
            Assert.Equal(before, await File.ReadAllBytesAsync(file, Cancel));
            at++;
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(3_000_000)]
    public async Task Open_ZerosOrNoiseAfterTheEnd_AreCut(int bytes)
    {
        await _fixture.AppendAsync(Texts);
        await _fixture.CloseAsync();
        var file = _fixture.Files(0).Single();
        var noise = new byte[bytes];
        foreach (var fill in new Action[] { () => { }, () => new Random(bytes).NextBytes(noise) })
        {
            fill();
            await _fixture.CloseAsync();
            await File.AppendAllBytesAsync(file, noise, Cancel);
            Assert.Equal(Texts, await _fixture.ReadAsync());
            Assert.Equal(bytes, Assert.Single(_fixture.Open().Cuts).BytesCut);
        }
    }

    [Fact]
    public async Task Open_GoodRecordFarBehindTheBadOne_StillStops()
    {
        // The second record lies across the windows in which later records are looked for.
        await _fixture.AppendAsync([new string('a', 1000), new string('b', 1 << 20), new string('c', 70_000)]);
        await _fixture.CloseAsync();
        await FlipAsync(_fixture.Files(0).Single(), 500);
        var e = Assert.Throws<EventLogException>(() => _fixture.Open());
        Assert.Contains("damaged at byte 0", e.Message);
    }

    [Fact]
    public async Task Open_ATornRecordWhoseValueHoldsAWholeFrame_IsCutAllTheSame()
    {
        await _fixture.AppendAsync(["first"]);
        await _fixture.CloseAsync();
        var file = _fixture.Files(0).Single();
        var frame = await File.ReadAllBytesAsync(file, Cancel);
        await _fixture.Open().AppendAsync([new LogAppend("user", frame.Concat(new byte[50]).ToArray())], Cancel);
        await _fixture.CloseAsync();
        await using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(stream.Length - 10);
        }

        Assert.Equal(["first"], await _fixture.ReadAsync());
    }

    [Fact]
    public async Task ReadAsync_ClosedSegmentDamaged_ReadsUpToItAndThenNamesFileAndByte()
    {
        _fixture.Options.SegmentBytes = 150;
        await _fixture.AppendAsync(Enumerable.Range(0, 40).Select(i => $"record {i}"));
        await _fixture.CloseAsync();
        var file = _fixture.Files(0)[1];
        var firstOffset = int.Parse(Path.GetFileNameWithoutExtension(file));
        var secondRecord = 20 + $"record {firstOffset}".Length;
        await FlipAsync(file, secondRecord + 15);

        var journal = _fixture.Open();
        await using var member = await Contracts.GroupMember.JoinAsync(journal, "group");
        var read = 0;
        var e = await Assert.ThrowsAsync<EventLogException>(async () =>
        {
            while (true)
            {
                read += (await member[0].ReadAsync(1_000, Cancel)).Count;
            }
        });
        Assert.Equal(firstOffset + 1, read);
        Assert.Contains($"'{file}' is damaged at byte {secondRecord}", e.Message);
        Assert.Contains($"'{file}'", (await Assert.ThrowsAsync<EventLogException>(() => journal.VerifyAsync(Cancel))).Message);

        await member.LeaveAsync();
        await _fixture.CloseAsync();
        _fixture.Options.VerifyAtOpen = true;
        Assert.Contains($"'{file}' is damaged at byte {secondRecord}", Assert.Throws<EventLogException>(() => _fixture.Open()).Message);
    }

    [Fact]
    public async Task ReadAsync_SegmentMissing_SaysWhichRecords()
    {
        _fixture.Options.SegmentBytes = 150;
        await _fixture.AppendAsync(Enumerable.Range(0, 40).Select(i => $"record {i}"));
        await _fixture.CloseAsync();
        File.Delete(_fixture.Files(0)[2]);
        await using var member = await Contracts.GroupMember.JoinAsync(_fixture.Open(), "group");
        var e = await Assert.ThrowsAsync<EventLogException>(() => member.ReadToEndAsync(0, 0));
        Assert.Contains("lacks the records", e.Message);
    }

    [Fact]
    public async Task Open_CommittedRecordsLost_Refuses()
    {
        await _fixture.AppendAsync(Texts);
        await using (var member = await Contracts.GroupMember.JoinAsync(_fixture.Open(), "group"))
        {
            await member[0].CommitAsync(new CommittedPosition(5, 0, 0), Cancel);
        }

        await _fixture.CloseAsync();
        await FlipAsync(_fixture.Files(0).Single(), RecordEnds()[4] - 1);
        var e = Assert.Throws<EventLogException>(() => _fixture.Open());
        Assert.Contains("ends at offset 4, but group 'group' has processed it up to 5", e.Message);
    }

    private static int[] RecordEnds()
    {
        var end = 0;
        return [.. Texts.Select(t => end += 12 + 8 + t.Length)]; // Frame header, append time, value.
    }

    private static async Task FlipAsync(string file, int position)
    {
        var bytes = await File.ReadAllBytesAsync(file, Cancel);
        bytes[position] ^= 0x10;
        await File.WriteAllBytesAsync(file, bytes, Cancel);
    }

    private async Task ForEachFlip(int from, int to, Func<string, Task> check)
    {
        await _fixture.AppendAsync(Texts);
        await _fixture.CloseAsync();
        var file = _fixture.Files(0).Single();
        var whole = await File.ReadAllBytesAsync(file, Cancel);
        for (var position = from; position < to; position++)
        {
            await _fixture.CloseAsync();
            await File.WriteAllBytesAsync(file, whole, Cancel);
            await FlipAsync(file, position);
            await check(file);
        }
    }
}
