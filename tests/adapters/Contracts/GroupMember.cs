using System.Text;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Contracts;

/// <summary>A record, copied out of the reader's buffer.</summary>
public readonly record struct ReadBack(long Offset, long AppendedAtMs, string Text);

/// <summary>A member of a group that owns every partition, for the length of a test.</summary>
public sealed class GroupMember : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _consuming;

    private GroupMember(IEventLog log, string group, RecordingConsumer consumer)
    {
        Consumer = consumer;
        _consuming = log.ConsumeAsync(group, consumer, _stop.Token);
    }

    public RecordingConsumer Consumer { get; }

    public IPartitionReader this[int partition] => Consumer.Readers[partition];

    public static async Task<GroupMember> JoinAsync(IEventLog log, string group, RecordingConsumer? consumer = null)
    {
        var member = new GroupMember(log, group, consumer ?? new RecordingConsumer());
        await Deadline.Until(
            () => member._consuming.IsFaulted || member.Consumer.Readers.Count == log.PartitionCount, $"'{group}' is assigned every partition");
        if (member._consuming.IsFaulted)
        {
            await member._consuming;
        }

        return member;
    }

    /// <summary>Reads from an offset to the present end.</summary>
    public async Task<List<ReadBack>> ReadToEndAsync(int partition, long from, int maxRecords = 100)
    {
        var reader = this[partition];
        var found = new List<ReadBack>();
        reader.Seek(from);
        for (var end = reader.EndOffset; from + found.Count < end;)
        {
            var batch = await reader.ReadAsync(maxRecords, CancellationToken.None).AsTask().Within($"partition {partition} is read");
            Assert.InRange(batch.Count, 1, maxRecords);
            found.AddRange(batch.Select(r => new ReadBack(r.Offset, r.AppendedAtMs, Encoding.UTF8.GetString(r.Value.Span))));
        }

        return found;
    }

    public async Task LeaveAsync()
    {
        await _stop.CancelAsync();
        await _consuming.Within("the member leaves");
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        _stop.Dispose();
    }
}
