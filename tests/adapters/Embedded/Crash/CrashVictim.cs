using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Embedded;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.Crash;

/// <summary>
/// Not tests: what the child process of <see cref="CrashTests"/> runs until it is killed. Each prints a line for every
/// acknowledgement, after it, straight to the pipe, so that no acknowledgement is lost in a buffer.
/// </summary>
public sealed class CrashVictim
{
    public const string FolderVariable = "RECO_TEST_CRASH_FOLDER";
    public const string Acknowledged = "acknowledged ";
    public const int Appenders = 6;
    public const int Keys = 40;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static EmbeddedOptions OptionsFor(string folder) => new()
    {
        DataFolder = folder,
        Partitions = 3,
        Journal = { SegmentBytes = 20_000, QueueBytes = 8_192 },
        State = { SegmentBytes = 50_000, QueueBytes = 32_768, GarbageRatio = 0.3 },
    };

    /// <summary>The value of a key at a version: anybody who knows both can tell whether it is whole.</summary>
    public static byte[] ValueOf(int key, int version)
    {
        var value = new byte[4 + (((key * 7919) + (version * 104_729)) % 3_000)];
        new Random((key * 1_000_003) + version).NextBytes(value);
        BitConverter.TryWriteBytes(value, version);
        return value;
    }

    [Fact(Explicit = true)]
    public Task Append_UntilKilled() => RunAsync((storage, n, print) => Task.WhenAll(Enumerable.Range(0, Appenders).Select(async a =>
    {
        await Task.Yield();
        for (var i = n; ; i += 3)
        {
            await storage.EventLog.AppendAsync(
                [.. Enumerable.Range(i, 3).Select(k => new LogAppend($"{a}", Encoding.UTF8.GetBytes($"{a}:{k}:{new string('x', k % 300)}")))], Cancel);
            print(string.Create(CultureInfo.InvariantCulture, $"{a} {i + 2}"));
        }
    })));

    [Fact(Explicit = true)]
    public Task Write_UntilKilled() => RunAsync((storage, n, print) => Task.WhenAll(Enumerable.Range(0, Keys).Select(async key =>
    {
        await Task.Yield();
        for (var version = n; ; version++)
        {
            await storage.State.WriteAsync($"key/{key}", ValueOf(key, version), Cancel);
            print(string.Create(CultureInfo.InvariantCulture, $"{key} {version}"));
        }
    })));

    private static async Task RunAsync(Func<EmbeddedStorage, int, Action<string>, Task> work)
    {
        var setting = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(setting is null, $"Runs only as a child of {nameof(CrashTests)}.");
        var (first, folder) = (setting.Split('|')[0], setting.Split('|')[1]);
        await using var storage = EmbeddedStorage.Open(OptionsFor(folder), TimeProvider.System, NullLoggerFactory.Instance);
        await using var output = Console.OpenStandardOutput();
        var gate = new Lock();
        await work(storage, int.Parse(first, CultureInfo.InvariantCulture), line =>
        {
            lock (gate)
            {
                output.Write(Encoding.ASCII.GetBytes($"{Acknowledged}{line}\n"));
            }
        });
    }
}
