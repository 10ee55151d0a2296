using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Reco.Adapters.Embedded;
using Reco.Adapters.Embedded.Storage;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded;

public sealed class EmbeddedRegistrationTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task AddEmbeddedStorage_ContainerDisposed_AnotherFindsEverything()
    {
        await using (var provider = Build(o => o.DataFolder = _temp.Path))
        {
            await provider.GetRequiredService<IEventLog>().AppendAsync([new LogAppend("user", new byte[] { 1 })], Cancel);
            await provider.GetRequiredService<IStateStore>().WriteAsync("key", new byte[] { 2 }, Cancel);
            await provider.GetRequiredService<IDeadLetterLog>().AppendAsync(new DeadLetter(0, 1, "bad", new byte[] { 3 }), Cancel);
        }

        Assert.Equal(
            ["dead-letters", "journal", "state"], Directory.GetDirectories(_temp.Path).Select(d => Path.GetFileName(d)!).Order());
        await using var again = Build(o => o.DataFolder = _temp.Path);
        Assert.Equal(1, await again.GetRequiredService<EmbeddedStorage>().EventLog.VerifyAsync(Cancel));
        Assert.Equal([2], (await again.GetRequiredService<IStateStore>().ReadAsync("key", Cancel))!);
        Assert.Equal(1, await again.GetRequiredService<IDeadLetterLog>().ReadAllAsync(Cancel).CountAsync(Cancel));
    }

    [Fact]
    public async Task Open_FolderInUse_SaysSoAndHarmsNobody()
    {
        await using var first = Build(o => o.DataFolder = _temp.Path);
        var log = first.GetRequiredService<IEventLog>();
        await using (var second = Build(o => o.DataFolder = _temp.Path))
        {
            Assert.Contains("in use by another process", Assert.Throws<EventLogException>(() => second.GetRequiredService<IStateStore>()).Message);
        }

        await log.AppendAsync([new LogAppend("user", new byte[] { 1 })], Cancel);
    }

    [Fact]
    public async Task Open_DamagedState_ReleasesTheJournalAgain()
    {
        var state = Directory.CreateDirectory(_temp.File("state")).FullName;
        var wrong = Path.Combine(state, "notes.log");
        await File.WriteAllTextAsync(wrong, "x", Cancel);
        await using (var provider = Build(o => o.DataFolder = _temp.Path))
        {
            Assert.Throws<StorageException>(() => provider.GetRequiredService<IEventLog>());
        }

        File.Delete(wrong);
        await using var again = Build(o => o.DataFolder = _temp.Path);
        Assert.Equal(8, again.GetRequiredService<IEventLog>().PartitionCount);
    }

    public static TheoryData<string, Action<EmbeddedOptions>> BrokenOptions => new()
    {
        { "DataFolder", o => o.DataFolder = "" },
        { "Partitions", o => o.Partitions = 0 },
        { "Partitions", o => o.Partitions = 1_025 },
        { "SegmentBytes", o => o.Journal.SegmentBytes = 10 },
        { "QueueBytes", o => o.Journal.QueueBytes = 0 },
        { "MaxRecordBytes", o => o.Journal.MaxRecordBytes = 0 },
        { "ReadBufferBytes", o => o.Journal.ReadBufferBytes = 1 },
        { "IndexIntervalBytes", o => o.Journal.IndexIntervalBytes = 1 },
        { "RetentionBytes", o => o.Journal.RetentionBytes = 1 },
        { "RetentionBytes must not be below SegmentBytes", o => o.Journal.RetentionBytes = (64 << 20) - 1 },
        { "SegmentBytes", o => o.State.SegmentBytes = 10 },
        { "GarbageRatio", o => o.State.GarbageRatio = 0.05 },
        { "GarbageRatio", o => o.State.GarbageRatio = 1 },
        { "QueueBytes", o => o.State.QueueBytes = 0 },
        { "MaxValueBytes", o => o.State.MaxValueBytes = (64 << 20) + 1 },
        { "SegmentBytes", o => o.DeadLetters.SegmentBytes = 0 },
        { "QueueBytes", o => o.DeadLetters.QueueBytes = 0 },
    };

    [Theory]
    [MemberData(nameof(BrokenOptions), DisableDiscoveryEnumeration = true)]
    public void Options_OneFieldBroken_IsNamed(string named, Action<EmbeddedOptions> breakIt)
    {
        var e = Assert.Throws<OptionsValidationException>(() => Build(breakIt).GetRequiredService<IOptions<EmbeddedOptions>>().Value);
        Assert.Contains(e.Failures, f => f.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_Defaults_AreValid()
    {
        var options = Build(_ => { }).GetRequiredService<IOptions<EmbeddedOptions>>().Value;
        Assert.Equal(("data", 8), (options.DataFolder, options.Partitions));
        Assert.Null(options.Journal.RetentionBytes);
    }

    [Fact]
    public async Task Meter_RecordsAppended_AreCountedByLog()
    {
        using var listener = new MeterListener();
        var records = 0L;
        var flushes = 0;
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == StorageMetrics.MeterName)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        await using var provider = Build(o => o.DataFolder = _temp.Path);
        var storage = provider.GetRequiredService<EmbeddedStorage>();
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "reco.journal.appended.records" && tags.ToArray().Contains(new("log", "dead-letters")))
            {
                Interlocked.Add(ref records, value);
            }
        });
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            Assert.Equal("reco.journal.fsync.duration", instrument.Name);
            Interlocked.Increment(ref flushes);
        });
        listener.Start();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => storage.DeadLetters.AppendAsync(new DeadLetter(9, i, "r", default), Cancel).AsTask()));
        Assert.InRange(records, 10, long.MaxValue); // Other tests' stores use meters of the same name.
        Assert.InRange(flushes, 1, int.MaxValue);
    }

    private static ServiceProvider Build(Action<EmbeddedOptions> configure) =>
        new ServiceCollection().AddEmbeddedStorage(configure).BuildServiceProvider();
}
