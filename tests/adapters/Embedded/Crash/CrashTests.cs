using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Embedded;
using Reco.Adapters.Tests.Contracts;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.Crash;

/// <summary>A child process is killed (SIGKILL) in the middle of its work, three times over the same folder.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 3;
    private const string Victim = "Reco.Adapters.Tests.Embedded.Crash.CrashVictim.";
    private readonly TempFolder _temp = new();
    private readonly Random _random = new(20_260_105);

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task EventLog_KilledWhileAppending_HasEveryAcknowledgedRecordOnceInOrder()
    {
        var next = 0;
        var expected = Enumerable.Range(0, CrashVictim.Appenders).ToDictionary(a => a, _ => new List<int>());
        for (var kill = 0; kill < Kills; kill++)
        {
            var acknowledged = await VictimProcess.RunAndKillAsync(
                Victim + nameof(CrashVictim.Append_UntilKilled), _temp.Path, next, _random.Next(200, 1_500));
            await using var storage = Open();
            var found = await ReadNumbersAsync(storage);
            for (var appender = 0; appender < CrashVictim.Appenders; appender++)
            {
                // Of this run, exactly next, next + 1, ... without a gap, at least up to what was acknowledged.
                var ofThisRun = found[appender].Skip(expected[appender].Count).ToList();
                Assert.Equal(expected[appender], found[appender].Take(expected[appender].Count));
                Assert.Equal(Enumerable.Range(next, ofThisRun.Count), ofThisRun);
                Assert.True(ofThisRun.Count > acknowledged.GetValueOrDefault(appender, next - 1) - next);
                expected[appender] = found[appender];
            }

            next = expected.Values.Max(numbers => numbers.DefaultIfEmpty(-1).Max()) + 1;
        }
    }

    [Fact]
    public async Task StateStore_KilledWhileWriting_HasEveryAcknowledgedValueWhole()
    {
        var next = 0;
        var acknowledged = new Dictionary<int, int>();
        for (var kill = 0; kill < Kills; kill++)
        {
            foreach (var (key, version) in await VictimProcess.RunAndKillAsync(
                Victim + nameof(CrashVictim.Write_UntilKilled), _temp.Path, next, _random.Next(500, 4_000)))
            {
                acknowledged[key] = version;
            }

            await using var storage = Open();
            for (var key = 0; key < CrashVictim.Keys; key++)
            {
                var value = await storage.State.ReadAsync($"key/{key}", TestContext.Current.CancellationToken);
                var version = value is null ? -1 : BitConverter.ToInt32(value);
                Assert.True(version >= acknowledged.GetValueOrDefault(key, -1), $"key {key}: found {version}");
                Assert.True(value is null || value.AsSpan().SequenceEqual(CrashVictim.ValueOf(key, version)), $"key {key} is not whole");
                acknowledged[key] = version;
                next = Math.Max(next, version + 1);
            }
        }
    }

    private EmbeddedStorage Open() =>
        EmbeddedStorage.Open(CrashVictim.OptionsFor(_temp.Path), TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<Dictionary<int, List<int>>> ReadNumbersAsync(EmbeddedStorage storage)
    {
        var numbers = Enumerable.Range(0, CrashVictim.Appenders).ToDictionary(a => a, _ => new List<int>());
        await using var member = await GroupMember.JoinAsync(storage.EventLog, "reader");
        for (var partition = 0; partition < storage.EventLog.PartitionCount; partition++)
        {
            foreach (var record in await member.ReadToEndAsync(partition, 0, 1_000))
            {
                var parts = record.Text.Split(':');
                var number = int.Parse(parts[1]);
                Assert.Equal(new string('x', number % 300), parts[2]);
                numbers[int.Parse(parts[0])].Add(number);
            }
        }

        return numbers;
    }
}
