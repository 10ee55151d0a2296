using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Kafka;
using Reco.Workload.Purchases.Messages;
using Reco.Workload.Purchases.Producing;

namespace Reco.Workload.Purchases.Consuming;

/// <summary>
/// Consumes purchases: validates, adds up, passes on. The order of things decides what a crash costs: forwarded events are acknowledged
/// first, then sums and offset are saved together, then the offset is committed to Kafka. A restart begins at the saved offset, not at
/// the committed one, so each message is in the sums exactly once; the committed one is for those who watch the group's lag.
/// </summary>
public sealed class PurchaseConsumer(PurchaseConsumerOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PollFor = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(5);

    private readonly PartitionStateFiles _files = PartitionStateFiles.Of(options);
    private readonly Dictionary<int, PartitionState> _owned = [];
    private readonly HashSet<int> _atEnd = [];
    private readonly HashSet<int> _unsaved = [];
    private PurchaseForwarder? _forwarder;
    private long _sinceSave;
    private long _savedAt;
    private long _consumed;

    /// <summary>Consumes until cancelled, or until the end when the options say so. What was consumed is saved when it returns.</summary>
    /// <exception cref="PurchaseDeliveryException">An event could not be passed on, or the brokers refuse; nothing behind the saved offset is lost.</exception>
    /// <exception cref="PurchaseStateException">A saved state is damaged.</exception>
    public PurchaseConsumeResult Run(CancellationToken cancellationToken)
    {
        NativeKafka.EnsureLoaded();
        using var forwarder = _forwarder = options.ForwardTopic is null ? null : new PurchaseForwarder(options, logger);
        using var consumer = Build();
        consumer.Subscribe(options.Topic);
        var startedAt = _savedAt = time.GetTimestamp();
        var saidAt = startedAt;
        try
        {
            while (!cancellationToken.IsCancellationRequested && !IsDone())
            {
                if (consumer.Consume(PollFor) is { } result)
                {
                    Apply(result);
                }

                if (_sinceSave >= options.SaveEveryMessages || time.GetElapsedTime(_savedAt).TotalMilliseconds >= options.SaveEveryMs)
                {
                    Save(consumer, [.. _unsaved]);
                }

                if (time.GetElapsedTime(saidAt) >= SayEvery)
                {
                    saidAt = time.GetTimestamp();
                    ConsumerLog.Progress(logger, _consumed, _consumed / time.GetElapsedTime(startedAt).TotalSeconds, _owned.Count);
                }
            }

            Save(consumer, [.. _unsaved]);
        }
        catch (ConsumeException fault)
        {
            throw new PurchaseDeliveryException($"{options.BootstrapServers} refuses {options.Topic}: {fault.Error.Reason}.", fault);
        }

        var total = new PartitionState();
        foreach (var state in _owned.Values)
        {
            total.Add(state);
        }

        var partitions = _owned.Count;
        consumer.Close();
        return new PurchaseConsumeResult(_consumed, partitions, total, time.GetElapsedTime(startedAt));
    }

    private IConsumer<byte[], byte[]> Build() =>
        new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = options.BootstrapServers,
            ClientId = "reco-purchases",
            GroupId = options.Group,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            SessionTimeoutMs = options.SessionTimeoutMs,
            HeartbeatIntervalMs = options.SessionTimeoutMs / 3,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        })
        .SetLogHandler((_, line) => ProducerLog.Library(logger, line.Facility, line.Message))
        .SetErrorHandler((_, error) => ProducerLog.Broker(logger, error.Reason))
        .SetPartitionsAssignedHandler((_, partitions) => partitions.Select(Take).ToList())
        .SetPartitionsRevokedHandler((consumer, partitions) => Release(consumer, partitions))
        .SetPartitionsLostHandler((_, partitions) => Drop(partitions))
        .Build();

    private bool IsDone() => options.StopsAtEnd && _owned.Count > 0 && _atEnd.Count == _owned.Count;

    private void Apply(ConsumeResult<byte[], byte[]> result)
    {
        var partition = result.Partition.Value;
        if (result.IsPartitionEOF)
        {
            _atEnd.Add(partition);
            return;
        }

        _atEnd.Remove(partition);
        var state = _owned[partition];
        if (result.Offset.Value < state.NextOffset)
        {
            throw new PurchaseStateException(
                $"Partition {partition} of {options.Topic} ends before offset {state.NextOffset}, up to which group {options.Group} has counted: "
                + "the topic was made anew. Remove the group's state, or name another group.");
        }

        if (!PurchaseJson.TryRead(result.Message.Value, out var purchase, out var fault))
        {
            state.Invalid++;
            ConsumerLog.Invalid(logger, partition, result.Offset.Value, fault);
        }
        else
        {
            state.Add(purchase);
            if (_forwarder is not null && PurchaseForwarder.TryConvert(purchase, out var shopEvent))
            {
                _forwarder.Send(shopEvent);
                state.Forwarded++;
            }
        }

        state.NextOffset = result.Offset.Value + 1;
        _unsaved.Add(partition);
        _sinceSave++;
        _consumed++;
    }

    private void Save(IConsumer<byte[], byte[]> consumer, IReadOnlyList<int> partitions)
    {
        _forwarder?.Flush();
        foreach (var partition in partitions)
        {
            _files.Save(partition, _owned[partition]);
            _unsaved.Remove(partition);
        }

        if (partitions.Count > 0)
        {
            Commit(consumer, partitions);
        }

        _sinceSave = 0;
        _savedAt = time.GetTimestamp();
    }

    /// <summary>The state is on disk already: a commit that fails costs the watcher of the lag, nothing else.</summary>
    private void Commit(IConsumer<byte[], byte[]> consumer, IEnumerable<int> partitions)
    {
        try
        {
            consumer.Commit(partitions.Select(p => new TopicPartitionOffset(options.Topic, p, _owned[p].NextOffset)));
        }
        catch (KafkaException fault)
        {
            ConsumerLog.CommitFailed(logger, fault.Error.Reason);
        }
    }

    private TopicPartitionOffset Take(TopicPartition partition)
    {
        var state = _files.Load(partition.Partition.Value);
        _owned[partition.Partition.Value] = state;
        ConsumerLog.Assigned(logger, partition.Partition.Value, state.NextOffset);
        return new TopicPartitionOffset(partition, state.NextOffset == 0 ? Offset.Beginning : new Offset(state.NextOffset));
    }

    private void Release(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> partitions)
    {
        Save(consumer, [.. partitions.Select(p => p.Partition.Value).Where(_unsaved.Contains)]);
        Drop(partitions);
    }

    private void Drop(List<TopicPartitionOffset> partitions)
    {
        foreach (var partition in partitions.Select(p => p.Partition.Value))
        {
            _owned.Remove(partition);
            _atEnd.Remove(partition);
            _unsaved.Remove(partition);
            ConsumerLog.Released(logger, partition);
        }
    }
}

/// <summary>What was consumed.</summary>
/// <param name="Consumed">Messages of this run.</param>
/// <param name="Partitions">Partitions owned at the end.</param>
/// <param name="Total">Sums of those partitions, earlier runs included.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record PurchaseConsumeResult(long Consumed, int Partitions, PartitionState Total, TimeSpan Elapsed);
