using System.Globalization;
using Reco.Core.Als;
using Reco.Core.Training;

namespace Reco.Core.Tests.Training;

public sealed class BackgroundThreadTests
{
    [Fact]
    public async Task RunAsync_Work_GivesWayAndSoDoTheThreadsItStarts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "priorities are read from /proc");
        var before = Nice();
        var (own, helpers) = await BackgroundThread.RunAsync(
            () =>
            {
                var seen = new int[2];
                using var both = new Barrier(2);
                WorkSharing.Run(chunks: 2, threads: 2, CancellationToken.None, (worker, _) =>
                {
                    both.SignalAndWait(); // A chunk each.
                    seen[worker] = Nice();
                });
                return (Nice(), seen);
            },
            CancellationToken.None);
        Assert.Equal(10, own);
        Assert.Equal([10, 10], helpers);
        Assert.Equal(before, Nice());
        Assert.Equal(before, await Task.Run(Nice));
    }

    [Fact]
    public async Task RunAsync_WorkThrows_ThrowsIt() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => BackgroundThread.RunAsync<int>(() => throw new InvalidDataException("x"), CancellationToken.None));

    [Fact]
    public async Task RunAsync_CancelledBefore_DoesNotBegin() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => BackgroundThread.RunAsync<int>(() => throw new InvalidDataException("begun"), new CancellationToken(canceled: true)));

    /// <summary>Of this thread: the seventeenth field after its name, proc(5).</summary>
    private static int Nice()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
