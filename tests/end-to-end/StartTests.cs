using System.Net;
using System.Net.Sockets;
using Reco.Testing;

namespace Reco.EndToEnd.Tests;

/// <summary>How the system starts and stops, and what it says when it cannot.</summary>
public sealed class StartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_FreshFolder_EveryEndpointHasContentWithinAMinute()
    {
        using var folder = new TempFolder();
        await using var reco = RecoProcess.Up(folder.File("data"));
        using var http = new HttpClient { BaseAddress = await reco.ReadyAsync() };
        var minute = TimeSpan.FromSeconds(60);

        await Deadline.Until(() => HasAsync(http, "/recommendations/user_000001", "\"source\":\"als\"", 10), "recommendations of the model", minute);
        await Deadline.Until(() => HasAsync(http, "/products/product_0001/similar", "product_id", 10), "similar products", minute);
        await Deadline.Until(() => HasAsync(http, "/trending", "product_id", 1), "trending products", minute);
        await Deadline.Until(() => HasAsync(http, "/popular-products", "product_id", 10), "popular products", minute);
        Assert.True(await HasAsync(http, "/search?q=phone", "product_id", 5));
        Assert.True(await HasAsync(http, "/user-stats/user_000001", "\"purchase\":", 1));
        Assert.True(await HasAsync(http, "/products/product_0001/stats", "\"revenue\":", 1));
        Assert.True(await HasAsync(http, "/admin/model", "\"factors\":64", 1));
        Assert.True(await HasAsync(http, "/openapi/v1.json", "/recommendations/{user}", 1));
        Assert.True(await HasAsync(http, "/", "/user-stats/", 1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/db-tuning/table-stats", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Terminate_ThenUp_ContinuesWithoutReplay()
    {
        using var folder = new TempFolder();
        var file = folder.File("retail.csv");
        RetailCounts.Generate(file, rows: 3000, seed: 3);
        await using (var reco = RecoProcess.Up(folder.File("data"), "--no-generator"))
        {
            await using var replay = RecoProcess.Workload("replay", file, "--url", (await reco.ReadyAsync()).ToString());
            Assert.Equal(0, await replay.ExitAsync("the replay"));
            Assert.Equal(0, await reco.TerminateAsync());
        }

        await using var again = RecoProcess.Up(folder.File("data"), "--no-generator");
        var address = await again.ReadyAsync();
        Assert.DoesNotContain("catches up", again.Output, StringComparison.Ordinal);
        await Totals.AssertExactAsync(address, RetailCounts.Of(file), Cancel);
    }

    [Theory]
    [InlineData("Ingest:CheckpointIntervalSeconds=0", "CheckpointIntervalSeconds")]
    [InlineData("Ingest:Chekpoint=5", "Chekpoint")]
    [InlineData("Embedded:Partitions=many", "Partitions")]
    [InlineData("Training:Als:Factors=7", "Factors")]
    public async Task Up_WrongSetting_SaysWhichAndEnds(string setting, string named)
    {
        using var folder = new TempFolder();
        await using var reco = RecoProcess.Up(folder.File("data"), "--no-generator", "--set", setting);

        Assert.Equal(1, await reco.ExitAsync("the refused start"));
        Assert.Contains("reco: cannot start: ", reco.Output, StringComparison.Ordinal);
        Assert.Contains(named, reco.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", reco.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_PortTaken_SaysSoAndEnds()
    {
        using var folder = new TempFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var reco = RecoProcess.UpOn(port, folder.File("data"), "--no-generator");

        Assert.Equal(1, await reco.ExitAsync("the refused start"));
        Assert.Contains("address already in use", reco.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_FolderInUse_SaysSoAndEnds()
    {
        using var folder = new TempFolder();
        await using var reco = RecoProcess.Up(folder.File("data"), "--no-generator");
        await reco.ReadyAsync();
        await using var second = RecoProcess.Up(folder.File("data"), "--no-generator");

        Assert.Equal(1, await second.ExitAsync("the refused start"));
        Assert.Contains("reco: cannot start: ", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_TornJournalTail_IsCutAndSaidSo()
    {
        using var folder = new TempFolder();
        var partition = await FillAndFindPartitionAsync(folder);
        await using (var tail = new FileStream(partition, FileMode.Append))
        {
            tail.Write([42, 0, 0, 0, 1, 2, 3]);
        }

        await using var again = RecoProcess.Up(folder.File("data"), "--no-generator");
        await again.ReadyAsync();
        Assert.Contains("Cut 7 bytes", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_CorruptJournalMiddle_NamesFileAndPositionAndEnds()
    {
        using var folder = new TempFolder();
        var partition = await FillAndFindPartitionAsync(folder);
        var bytes = await File.ReadAllBytesAsync(partition, Cancel);
        bytes[bytes.Length / 2] ^= 0x5A;
        await File.WriteAllBytesAsync(partition, bytes, Cancel);

        await using var again = RecoProcess.Up(folder.File("data"), "--no-generator");
        Assert.Equal(1, await again.ExitAsync("the refused start"));
        Assert.Contains(Path.GetFileName(partition), again.Output, StringComparison.Ordinal);
        Assert.Matches("byte \\d+", again.Output);
    }

    /// <summary>The largest segment of a journal with a few thousand events, its process gone.</summary>
    private static async Task<string> FillAndFindPartitionAsync(TempFolder folder)
    {
        var file = folder.File("retail.csv");
        RetailCounts.Generate(file, rows: 3000, seed: 5);
        await using var reco = RecoProcess.Up(folder.File("data"), "--no-generator");
        await using var replay = RecoProcess.Workload("replay", file, "--url", (await reco.ReadyAsync()).ToString());
        Assert.Equal(0, await replay.ExitAsync("the replay"));
        await reco.KillAsync();
        return Directory.EnumerateFiles(folder.File("data/journal"), "*.log", SearchOption.AllDirectories)
            .Where(path => path.Contains("partition-", StringComparison.Ordinal))
            .MaxBy(path => new FileInfo(path).Length)!;
    }

    private static async Task<bool> HasAsync(HttpClient http, string path, string text, int times)
    {
        using var answer = await http.GetAsync(path, Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
        var body = await answer.Content.ReadAsStringAsync(Cancel);
        return body.Split(text).Length - 1 >= times;
    }
}
