using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Kafka.Native;
using Reco.Core.Ports;

namespace Reco.Adapters.Kafka.Consuming;

/// <summary>What the readers of one membership share: the client, and what they may ask of it.</summary>
internal sealed partial class KafkaMembership(KafkaLogContext context, string group, LogEnds ends, IConsumer<Ignore, Ignore> client)
{
    private readonly NativeClient _native = new(client.Handle);

    private volatile bool _isGivingUp;

    public string Group => group;

    public LogEnds Ends => ends;

    public KafkaOptions Options => context.Options;

    public KafkaMetrics Metrics => context.Metrics;

    public TimeProvider Time => context.Time;

    /// <summary>The partition's own queue; to be asked for before the partition is assigned.</summary>
    public PartitionQueue QueueOf(int partition) => new(_native, Options.Topic, partition);

    /// <exception cref="KafkaException">It did not work, or not in time.</exception>
    public void Seek(int partition, long offset)
    {
        using var held = _native.Held();
        client.Seek(new TopicPartitionOffset(Options.Topic, partition, offset));
    }

    /// <summary>Begins to fetch a partition of ours that librdkafka has stopped fetching.</summary>
    /// <exception cref="KafkaException">It did not work.</exception>
    public void StartAgain(int partition, long offset)
    {
        using var held = _native.Held();
        client.IncrementalUnassign([new TopicPartition(Options.Topic, partition)]);
        client.IncrementalAssign([new TopicPartitionOffset(Options.Topic, partition, offset)]);
    }

    /// <exception cref="KafkaException">It did not work, or not in time; then it may still come to pass, which changes nothing.</exception>
    public void Commit(int partition, CommittedPosition position)
    {
        var started = Time.GetTimestamp();
        _native.Commit(Options.Topic, partition, position.NextOffset, CommitMetadata.Encode(position), Options.RequestTimeout);
        Metrics.Committed(Time.GetElapsedTime(started));
    }

    /// <summary>While partitions are given up, the group cannot change until that is done: waiting for it to settle would be in vain.</summary>
    public void SetGivingUp(bool isGivingUp) => _isGivingUp = isGivingUp;

    /// <summary>
    /// Whether a commit that failed so is worth another try: others are joining or leaving, or the coordinator moves. A partition that
    /// stays with this member can be committed once the group has settled.
    /// </summary>
    public bool IsPassing(ErrorCode error, long since) =>
        (error is ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup
            || (!_isGivingUp && (error is ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration)))
        && Time.GetElapsedTime(since) < Options.RequestTimeout;

    /// <exception cref="KafkaException">No answer.</exception>
    public WatermarkOffsets Watermarks(int partition)
    {
        using var held = _native.Held();
        return client.QueryWatermarkOffsets(new TopicPartition(Options.Topic, partition), Options.RequestTimeout);
    }

    /// <summary>Where the group goes on in each partition.</summary>
    /// <exception cref="KafkaException">No answer.</exception>
    /// <exception cref="EventLogException">The topic is not the one that the group has read.</exception>
    public IReadOnlyDictionary<int, PartitionStart> Starts(IReadOnlyList<int> partitions)
    {
        var committed = _native.Committed(Options.Topic, partitions, Options.RequestTimeout);
        return partitions.ToDictionary(
            p => p,
            p => StartOf(p, Watermarks(p), committed.TryGetValue(p, out var c) ? CommitMetadata.Decode(c.Offset, c.Metadata) : null));
    }

    private PartitionStart StartOf(int partition, WatermarkOffsets offsets, CommittedPosition? committed)
    {
        if (committed?.NextOffset > offsets.High.Value)
        {
            throw new EventLogException(
                $"Partition {partition} of topic '{Options.Topic}' ends at offset {offsets.High.Value}, but group '{group}' has processed it up to "
                + $"{committed.Value.NextOffset}: the topic was made again, or has lost records. Use a new topic and group, or reset the group.");
        }

        if (committed is { } position && position.NextOffset < offsets.Low.Value)
        {
            LogRetention(partition, offsets.Low.Value - position.NextOffset, offsets.Low.Value);
            committed = position with { NextOffset = offsets.Low.Value };
        }

        return new PartitionStart(committed, offsets.Low.Value, offsets.High.Value);
    }

    public void LogGap(int partition, long from, long to) => LogGap(context.Logger, partition, from, to);

    private void LogRetention(int partition, long records, long first) => LogRetention(context.Logger, group, partition, records, first);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} has no records between offsets {From} and {To}: read over")]
    private static partial void LogGap(ILogger logger, int partition, long from, long to);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The topic's retention has dropped {Records} records of partition {Partition} that group '{Group}' had not processed; it goes on at {First}")]
    private static partial void LogRetention(ILogger logger, string group, int partition, long records, long first);
}
