using Reco.Testing;

namespace Reco.EndToEnd.Tests;

/// <summary>kill -9 of the system, and of the replay, at random moments: every total is exact all the same.</summary>
public sealed class KillTests
{
    private const int Rounds = 20;

    /// <summary>What an event takes in the journal, roughly: the moment of the kill is a place in the file.</summary>
    private const int EventBytes = 220;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// Twenty times: replay a file into a fresh folder, kill the system at a random moment of it, start it again on what is on the disk, go on
    /// with the replay from its progress file, and compare every total. Every other time the replay is killed too.
    /// </summary>
    [Fact]
    public async Task Kill_AtRandomMomentsOfAReplay_LosesNothingAndCountsNothingTwice()
    {
        using var folder = new TempFolder();
        var file = folder.File("retail.csv");
        RetailCounts.Generate(file, rows: 60_000, seed: 7);
        var expected = RetailCounts.Of(file);
        var random = new Random(20);
        var interrupted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            interrupted += await KillOnceAsync(folder, file, expected, round, random) ? 1 : 0;
        }

        // A kill after the replay's end proves little: most must have hit it on its way.
        Assert.InRange(interrupted, Rounds / 2, Rounds);
    }

    private static async Task<bool> KillOnceAsync(TempFolder folder, string file, RetailCounts expected, int round, Random random)
    {
        var data = folder.File($"data-{round}");
        var progress = folder.File($"progress-{round}.json");
        string[] settings = ["--no-generator", "--set", "Ingest:CheckpointIntervalSeconds=0.2", "--set", "Catalogue:SeedProducts=0"];
        bool interrupted;
        await using (var reco = RecoProcess.Up(data, settings))
        {
            var address = await reco.ReadyAsync();
            await using var replay = Replay(file, address, progress);
            var bytes = random.NextInt64(expected.Purchases * EventBytes);
            await Deadline.Until(() => replay.HasExited || JournalBytes(data) > bytes, $"the journal has {bytes} bytes");
            interrupted = !replay.HasExited;
            await reco.KillAsync();
            if (interrupted && round % 2 == 0)
            {
                await replay.KillAsync();
            }
            else if (interrupted)
            {
                await replay.TerminateAsync();
            }
        }

        await using var again = RecoProcess.Up(data, settings);
        var newAddress = await again.ReadyAsync();
        await using var rest = Replay(file, newAddress, progress);
        Assert.True(await rest.ExitAsync("the rest of the replay", TimeSpan.FromMinutes(2)) == 0, rest.Output);
        await Totals.AssertExactAsync(newAddress, expected, Cancel);
        await again.KillAsync();
        Directory.Delete(data, recursive: true);
        return interrupted;
    }

    private static long JournalBytes(string data) =>
        Directory.EnumerateFiles(Path.Combine(data, "journal"), "*.log", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length);

    private static RecoProcess Replay(string file, Uri address, string progress) =>
        RecoProcess.Workload("replay", file, "--url", address.ToString(), "--speed", "max", "--resume", progress);
}
