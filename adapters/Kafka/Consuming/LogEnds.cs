namespace Reco.Adapters.Kafka.Consuming;

/// <summary>
/// The end of each partition as far as this process knows, from the brokers' answers, its own acknowledged appends and what it read.
/// It only rises.
/// </summary>
internal sealed class LogEnds(int partitions)
{
    private readonly long[] _ends = new long[partitions];

    public long this[int partition] => Volatile.Read(ref _ends[partition]);

    public void Raise(int partition, long end)
    {
        for (var known = this[partition]; known < end;)
        {
            var found = Interlocked.CompareExchange(ref _ends[partition], end, known);
            if (found == known)
            {
                return;
            }

            known = found;
        }
    }
}
