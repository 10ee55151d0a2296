using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Kafka.Native;
using Reco.Core.Ports;

namespace Reco.Adapters.Kafka.Consuming;

/// <summary>
/// One stay in a group. A thread of its own serves rebalances; records do not pass through it (see <see cref="PartitionQueue"/>), so it may
/// wait for the last checkpoint of a partition that is given up while the other partitions are read on. Heartbeats are librdkafka's.
/// </summary>
internal sealed partial class KafkaConsumption : IDisposable
{
    private static readonly TimeSpan ServeInterval = TimeSpan.FromMilliseconds(50);
    private readonly KafkaLogContext _context;
    private readonly IPartitionConsumer _consumer;
    private readonly IConsumer<Ignore, Ignore> _client;
    private readonly KafkaMembership _membership;
    private readonly CancellationTokenSource _stop;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, PartitionQueue> _pending = [];
    private readonly Dictionary<int, KafkaPartitionReader> _owned = [];
    private readonly Backoff _activationRetry;
    private EventLogException? _fatal;

    public KafkaConsumption(KafkaLogContext context, string group, LogEnds ends, IPartitionConsumer consumer, CancellationToken cancellationToken)
    {
        (_context, _consumer) = (context, consumer);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _activationRetry = new Backoff(context.Time);
        _client = new ConsumerBuilder<Ignore, Ignore>(KafkaClientSettings.Consumer(context.Options, group))
            .SetLogHandler((_, line) => context.Log(line))
            .SetErrorHandler((_, error) => OnError(error))
            .SetPartitionsAssignedHandler((_, partitions) => partitions.ConvertAll(Assigned))
            .SetPartitionsRevokedHandler((_, partitions) => GiveUp(partitions, isLost: false))
            .SetPartitionsLostHandler((_, partitions) => GiveUp(partitions, isLost: true))
            .Build();
        _membership = new KafkaMembership(context, group, ends, _client);
    }

    private KafkaPartitionReader[] Owned
    {
        get
        {
            lock (_gate)
            {
                return [.. _owned.Values];
            }
        }
    }

    /// <summary>Lag by partition.</summary>
    public IEnumerable<(string Group, int Partition, long Lag)> Lag() => Owned.Select(r => (_membership.Group, r.Partition, r.Lag));

    /// <summary>Until cancelled; then every partition is revoked and the group left.</summary>
    /// <exception cref="EventLogException">The group shuts this member out for good.</exception>
    public async Task RunAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Serve();
                ended.SetResult();
            }
            catch (Exception failure)
            {
                ended.SetException(failure); // Awaited below.
            }
        })
        {
            IsBackground = true,
            Name = $"kafka {_membership.Group}",
        };
        thread.Start();
        var watching = Task.Run(WatchEndsAsync);
        try
        {
            await ended.Task;
        }
        finally
        {
            await _stop.CancelAsync();
            await watching;
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _stop.Dispose();
    }

    private void Serve()
    {
        _client.Subscribe(_context.Options.Topic);
        try
        {
            while (!_stop.IsCancellationRequested && Volatile.Read(ref _fatal) is null)
            {
                ServeOnce();
            }
        }
        finally
        {
            GiveUp([.. Owned.Select(r => new TopicPartitionOffset(_context.Options.Topic, r.Partition, Offset.Unset))], isLost: false);
            _client.Close();
        }

        if (Volatile.Read(ref _fatal) is { } fatal)
        {
            throw fatal;
        }
    }

    private void ServeOnce()
    {
        try
        {
            // Only rebalances and errors come here. Every partition's records go to its own queue.
            if (_client.Consume(ServeInterval) is { } stray)
            {
                throw new InvalidOperationException($"A record of partition {stray.Partition.Value} came past its queue.");
            }

            if (_pending.Count > 0 && _activationRetry.IsDue)
            {
                Activate();
            }
        }
        catch (ConsumeException failure)
        {
            OnError(failure.Error);
        }
    }

    /// <summary>At the end of the log nothing is fetched until the reader has found its place.</summary>
    private TopicPartitionOffset Assigned(TopicPartition assigned)
    {
        var partition = assigned.Partition.Value;
        if (partition < _context.Options.Partitions)
        {
            _pending[partition] = _membership.QueueOf(partition);
            _activationRetry.Reset();
        }
        else
        {
            // Nothing that this program writes goes there: partitions were added to the topic. The check of the topic says so.
            LogForeignPartition(_context.Logger, partition, _context.Options.Partitions);
        }

        return new TopicPartitionOffset(assigned, Offset.End);
    }

    /// <summary>Finds where the group left off, then hands the partitions to the consumer.</summary>
    private void Activate()
    {
        IReadOnlyDictionary<int, PartitionStart> starts;
        try
        {
            starts = _membership.Starts([.. _pending.Keys]);
        }
        catch (Exception failure) when (failure is KafkaException or EventLogException)
        {
            LogNotActivated(_context.Logger, _pending.Count, failure.Message, _activationRetry.Failed());
            return;
        }

        _activationRetry.Reset();
        foreach (var (partition, start) in starts)
        {
            _membership.Ends.Raise(partition, start.EndOffset);
            _pending.Remove(partition, out var queue);
            var reader = new KafkaPartitionReader(_membership, partition, queue!, start);
            lock (_gate)
            {
                _owned.Add(partition, reader);
            }

            _context.Metrics.Rebalanced(_membership.Group, "assigned");
            Tell("assigning", partition, () => _consumer.AssignedAsync(reader, _stop.Token), Timeout.InfiniteTimeSpan);
        }
    }

    private void GiveUp(List<TopicPartitionOffset> partitions, bool isLost)
    {
        var readers = new List<KafkaPartitionReader>();
        foreach (var partition in partitions.Select(p => p.Partition.Value))
        {
            if (_pending.Remove(partition, out var queue))
            {
                queue.Dispose();
            }

            lock (_gate)
            {
                if (_owned.TryGetValue(partition, out var reader))
                {
                    readers.Add(reader);
                }
            }
        }

        if (isLost)
        {
            readers.ForEach(r => r.Revoke());
        }

        _membership.SetGivingUp(true);
        var deadline = TimeSpan.FromSeconds(_context.Options.RebalanceTimeoutSeconds * 0.8); // The others wait no longer than the whole.
        var started = _context.Time.GetTimestamp();
        var told = readers.Select(r => (r.Partition, Task: Start(() => isLost
            ? _consumer.LostAsync(r.Partition, CancellationToken.None)
            : _consumer.RevokedAsync(r.Partition, CancellationToken.None)))).ToList();
        foreach (var (partition, task) in told)
        {
            var left = deadline - _context.Time.GetElapsedTime(started);
            Tell(isLost ? "losing" : "giving up", partition, () => task, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        foreach (var reader in readers)
        {
            _context.Metrics.Rebalanced(_membership.Group, isLost ? "lost" : "revoked");
            reader.Dispose();
            lock (_gate)
            {
                _owned.Remove(reader.Partition);
            }
        }

        _membership.SetGivingUp(false);
    }

    /// <summary>What a consumer throws is its own affair; the partition changes hands all the same, and the log holds what it did not commit.</summary>
    private void Tell(string what, int partition, Func<Task> tell, TimeSpan deadline)
    {
        var task = Start(tell);
        if (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(deadline)) // This thread has nothing else to do; see the class.
        {
            LogSlowConsumer(_context.Logger, what, partition, deadline);
        }
        else if (task.Exception is { } failure)
        {
            LogConsumerFailed(_context.Logger, failure, what, partition);
        }
    }

    private static Task Start(Func<Task> work) => Task.Run(work);

    /// <summary>The client knows the end only as of its last fetch, and fetches nothing while its queue is full.</summary>
    private async Task WatchEndsAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_context.Options.EndOffsetIntervalSeconds), _context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await OwnThread.RunAsync(WatchEnds);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The way watching ends.
        }
    }

    private void WatchEnds()
    {
        foreach (var reader in Owned)
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            reader.Wake();
            Watch(reader);
        }
    }

    private void Watch(KafkaPartitionReader reader)
    {
        try
        {
            reader.Saw(_membership.Watermarks(reader.Partition));
        }
        catch (Exception failure) when (failure is KafkaException or ObjectDisposedException)
        {
            LogNoEnd(_context.Logger, reader.Partition, failure.Message);
        }
    }

    private void OnError(Error error)
    {
        if (error.IsFatal || error.Code is ErrorCode.FencedInstanceId or ErrorCode.GroupAuthorizationFailed)
        {
            Volatile.Write(ref _fatal, new EventLogException(
                $"Group '{_membership.Group}' shuts this process out: {error.Reason}. Each process needs a Kafka:GroupInstanceId of its own, or none."));
        }
        else
        {
            LogError(_context.Logger, _membership?.Group ?? "", error.Reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka, group '{Group}': {Reason}")]
    private static partial void LogError(ILogger logger, string group, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The end of partition {Partition} is not known now: {Reason}")]
    private static partial void LogNoEnd(ILogger logger, int partition, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The topic has partition {Partition}, but Kafka:Partitions is {Partitions}: it is not read")]
    private static partial void LogForeignPartition(ILogger logger, int partition, int partitions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} assigned partitions cannot be read yet: {Reason} Again in {Delay}")]
    private static partial void LogNotActivated(ILogger logger, int count, string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "The consumer failed at {What} partition {Partition}; what it did not commit is replayed")]
    private static partial void LogConsumerFailed(ILogger logger, Exception failure, string what, int partition);

    [LoggerMessage(Level = LogLevel.Error, Message = "The consumer was not done {What} partition {Partition} within {Deadline}; what it did not commit is replayed")]
    private static partial void LogSlowConsumer(ILogger logger, string what, int partition, TimeSpan deadline);
}
