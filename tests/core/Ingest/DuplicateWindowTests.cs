using FsCheck.Fluent;
using Reco.Core.Ingest;
using Reco.Core.Tests.Windows;

namespace Reco.Core.Tests.Ingest;

public sealed class DuplicateWindowTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    [InlineData(8, 8)]
    [InlineData(50, 20)]
    public void Seen_AnyLogWithAnyRewinds_AgreesWithTheLog(int windowOffsets, int rewindOffsets)
    {
        // A step is the gap to the next offset (nearly always none), the id at it, and now and then how far to rewind before.
        var steps =
            from gap in Gen.Frequency((9, Gen.Constant(0)), (1, Gen.Choose(1, 12)))
            from id in Gen.Choose(0, 12)
            from rewind in Gen.Frequency((6, Gen.Constant(0)), (1, Gen.Choose(1, 30)))
            select new Step(gap, $"event-{id}", rewind);
        Seeded.Holds(steps, 150, all => Play(all, windowOffsets, rewindOffsets), cases: 300);
    }

    [Fact]
    public void Seen_MoreThanTheWindow_ForgetsAndKeepsBoundedAndGrows()
    {
        var random = new Random(4);
        const int Window = 5_000;
        var ids = Enumerable.Range(0, 40_000).Select(_ => $"id {random.Next(12_000)}").ToArray();
        var window = new DuplicateWindow(position: 0, logFirstOffset: 0, Window, rewindOffsets: 2_500);
        var last = new Dictionary<string, long>(StringComparer.Ordinal);

        for (var offset = 0; offset < ids.Length; offset++)
        {
            var expected = last.TryGetValue(ids[offset], out var before) && before >= offset - Window;
            last[ids[offset]] = offset;
            Assert.Equal(expected, window.Seen(ids[offset], offset));
        }
    }

    [Theory]
    [InlineData(7_000)]
    [InlineData(300)]
    public void Seen_RebuiltByReadingBack_AnswersAsIfItHadNeverStopped(int position)
    {
        var random = new Random(5);
        var ids = Enumerable.Range(0, 10_000).Select(_ => $"id {random.Next(2_000)}").ToArray();
        var first = new DuplicateWindow(0, 0, windowOffsets: 1_000);
        var answers = ids.Select((id, offset) => first.Seen(id, offset)).ToArray();

        var rebuilt = new DuplicateWindow(position, logFirstOffset: 0, windowOffsets: 1_000);
        for (var offset = rebuilt.StartOffset; offset < ids.Length; offset++)
        {
            var answer = rebuilt.Seen(ids[offset], offset);
            if (offset >= position)
            {
                Assert.Equal(answers[offset], answer);
            }
        }

        Assert.Equal(Math.Max(0, position - 1_000), rebuilt.StartOffset);
    }

    [Fact]
    public void Seen_SameOffsetAgain_IsNotADuplicateOfItself()
    {
        var window = new DuplicateWindow(0, 0, 10);

        Assert.False(window.Seen("a", 0));
        Assert.False(window.Seen("a", 0));
        Assert.True(window.Seen("a", 1));
        Assert.True(window.Seen("a", 1));
        Assert.False(window.Seen("a", 0));
    }

    [Fact]
    public void Seen_AtTheEdgeOfTheWindow_CountsTheLastOffsetInside()
    {
        var inside = new DuplicateWindow(0, 0, 10);
        inside.Seen("a", 5);
        Assert.True(inside.Seen("a", 15));

        var outside = new DuplicateWindow(0, 0, 10);
        outside.Seen("a", 5);
        Assert.False(outside.Seen("a", 16));
    }

    [Fact]
    public void Seen_RewindBeyondMemory_ThrowsAndChangesNothing()
    {
        var window = new DuplicateWindow(0, 0, windowOffsets: 10, rewindOffsets: 5);
        for (var offset = 0; offset < 100; offset++)
        {
            window.Seen($"{offset}", offset);
        }

        Assert.True(window.CanRewindTo(95));
        Assert.False(window.CanRewindTo(94));
        Assert.Throws<InvalidOperationException>(() => window.Seen("x", 94));
        Assert.True(window.Seen("99", 100));
        Assert.False(window.Seen("96", 96));
    }

    [Fact]
    public void CanRewindTo_BeforeThePosition_OnlyWhenTheLogBeginsThere()
    {
        Assert.True(new DuplicateWindow(position: 5, logFirstOffset: 0, windowOffsets: 10).CanRewindTo(0));
        Assert.False(new DuplicateWindow(position: 50, logFirstOffset: 0, windowOffsets: 10).CanRewindTo(49));
        Assert.True(new DuplicateWindow(position: 50, logFirstOffset: 40, windowOffsets: 10).CanRewindTo(41));
        Assert.True(new DuplicateWindow(position: 50, logFirstOffset: 0, windowOffsets: 10).CanRewindTo(50));
    }

    [Fact]
    public void Seen_IdsThatAreAlike_AreToldApart()
    {
        // Lengths around the four characters of a step, and texts that differ only in a zero character or in their order.
        string[] ids = ["a", "aa", "aaa", "aaaa", "aaaaa", "aaaaaaaa", "aaaaaaaaa", "\0", "\0\0", "a\0", "\0a", "aaaa\0", "abcdefgh", "efghabcd", "ü", "\ud800"];
        var window = new DuplicateWindow(0, 0);

        Assert.All(ids, (id, offset) => Assert.False(window.Seen(id, offset)));
        Assert.All(ids, (id, offset) => Assert.True(window.Seen(id, ids.Length + offset)));
    }

    [Fact]
    public void Seen_AMillionSequentialIds_NoneIsADuplicate()
    {
        var window = new DuplicateWindow(0, 0);
        for (var offset = 0; offset < 1_000_000; offset++)
        {
            Assert.False(window.Seen($"event-{offset:D12}", offset));
        }
    }

    [Theory]
    [InlineData(-1, 0, 10, 0)]
    [InlineData(0, -1, 10, 0)]
    [InlineData(4, 5, 10, 0)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 0, 10, -1)]
    [InlineData(0, 0, DuplicateWindow.OffsetsMax + 1, 0)]
    public void Constructor_NoSuchWindow_Throws(long position, long logFirstOffset, int windowOffsets, int rewindOffsets) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DuplicateWindow(position, logFirstOffset, windowOffsets, rewindOffsets));

    [Fact]
    public void Seen_NoIdOrAnOffsetBeforeTheStart_Throws()
    {
        var window = new DuplicateWindow(position: 100, logFirstOffset: 0, windowOffsets: 10);

        Assert.ThrowsAny<ArgumentException>(() => window.Seen("", 100));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Seen("a", 89));
    }

    private static void Play(Step[] steps, int windowOffsets, int rewindOffsets)
    {
        var log = new List<(long Offset, string Id)>();
        var window = new DuplicateWindow(0, 0, windowOffsets, rewindOffsets);
        void Read(int index)
        {
            var (offset, id) = log[index];
            var expected = log.Any(r => r.Id == id && r.Offset < offset && r.Offset >= offset - windowOffsets);
            Assert.Equal(expected, window.Seen(id, offset));
        }

        foreach (var step in steps)
        {
            log.Add((log.Count == 0 ? step.Gap : log[^1].Offset + 1 + step.Gap, step.Id));
            var back = Math.Max(0, log.Count - 1 - step.Rewind);
            Assert.True(step.Rewind > rewindOffsets || window.CanRewindTo(log[back].Offset));
            for (var index = window.CanRewindTo(log[back].Offset) ? back : log.Count - 1; index < log.Count; index++)
            {
                Read(index);
            }
        }
    }

    private sealed record Step(int Gap, string Id, int Rewind);
}
