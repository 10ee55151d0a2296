using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Journal;

/// <summary>
/// One member's stay in a group. There is one process, so the member owns every partition from the start to the end.
/// </summary>
internal sealed class JournalConsumption(IReadOnlyList<JournalReader> readers, IPartitionConsumer consumer, CancellationTokenSource readersEnd)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var assigned = new List<JournalReader>();
        try
        {
            foreach (var reader in readers)
            {
                cancellationToken.ThrowIfCancellationRequested();
                assigned.Add(reader);
                await consumer.AssignedAsync(reader, cancellationToken);
            }

            await WaitForAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The way a consumption ends.
        }
        finally
        {
            await RevokeAsync(assigned);
        }
    }

    private static Task WaitForAsync(CancellationToken cancellationToken) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    /// <summary>Not cancellable: the partitions are the member's until its checkpoints are done.</summary>
    private async Task RevokeAsync(List<JournalReader> assigned)
    {
        try
        {
            await Task.WhenAll(assigned.Select(reader => consumer.RevokedAsync(reader.Partition, CancellationToken.None)));
        }
        finally
        {
            foreach (var reader in assigned)
            {
                reader.Revoke();
            }

            await readersEnd.CancelAsync();
        }
    }
}
