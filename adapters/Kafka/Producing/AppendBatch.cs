using Confluent.Kafka;
using Reco.Adapters.Kafka.Consuming;

namespace Reco.Adapters.Kafka.Producing;

/// <summary>Counts down the records of one append, and keeps the first error.</summary>
internal sealed class AppendBatch(int records, LogEnds? ends)
{
    private readonly TaskCompletionSource<Error?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Error? _error;
    private int _left = records;

    /// <summary>Completes when the fate of every record is known: the first error, or null when all are durable.</summary>
    public Task<Error?> Done => _done.Task;

    /// <summary>The client's callback.</summary>
    public void Delivered<TKey, TValue>(DeliveryReport<TKey, TValue> report)
    {
        if (report.Error.IsError)
        {
            Interlocked.CompareExchange(ref _error, report.Error, null);
        }
        else
        {
            ends?.Raise(report.Partition.Value, report.Offset.Value + 1);
        }

        CountDown(1);
    }

    /// <summary>The client did not take these.</summary>
    public void NotTaken(int count, Error error)
    {
        Interlocked.CompareExchange(ref _error, error, null);
        CountDown(count);
    }

    private void CountDown(int count)
    {
        if (Interlocked.Add(ref _left, -count) == 0)
        {
            _done.SetResult(Volatile.Read(ref _error));
        }
    }
}
