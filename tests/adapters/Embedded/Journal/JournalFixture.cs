using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Embedded.Journal;
using Reco.Adapters.Embedded.Storage;
using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.Journal;

/// <summary>A journal in a temporary folder that can be closed, damaged and opened again.</summary>
internal sealed class JournalFixture(int partitions) : IAsyncDisposable
{
    private readonly TempFolder _temp = new();
    private readonly StorageMetrics _metrics = new();
    private EventJournal? _journal;

    public JournalOptions Options { get; } = new();

    public IStorageDevice Device { get; set; } = DiskDevice.Instance;

    public ManualTimeProvider Clock { get; } = new();

    public string Folder => _temp.File("journal");

    public string PartitionFolder(int partition) => JournalMetadata.PartitionFolder(Folder, partition);

    public string[] Files(int partition) => [.. Directory.GetFiles(PartitionFolder(partition), "*.log").Order(StringComparer.Ordinal)];

    public EventJournal Open() =>
        _journal ??= EventJournal.Open(
            Folder, partitions, new JournalContext(Options, Device, Clock, _metrics, NullLogger.Instance));

    public async Task<EventJournal> ReopenAsync()
    {
        await CloseAsync();
        return Open();
    }

    public async Task CloseAsync()
    {
        if (_journal is not null)
        {
            await _journal.DisposeAsync();
        }

        _journal = null;
    }

    /// <summary>Appends texts, each by a call of its own or all by one.</summary>
    public async Task AppendAsync(IEnumerable<string> texts, bool together = false)
    {
        var records = texts.Select(t => new LogAppend("user", Encoding.UTF8.GetBytes(t))).ToList();
        foreach (var batch in together ? [records] : records.Select(r => new List<LogAppend> { r }))
        {
            await Open().AppendAsync(batch, CancellationToken.None);
        }
    }

    /// <summary>All texts of a partition, by a group that nobody else uses.</summary>
    public async Task<List<string>> ReadAsync(int partition = 0)
    {
        await using var member = await GroupMember.JoinAsync(Open(), "test reader");
        return [.. (await member.ReadToEndAsync(partition, member[partition].FirstOffset)).Select(r => r.Text)];
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _metrics.Dispose();
        _temp.Dispose();
    }
}
