using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Kafka.Consuming;
using Reco.Adapters.Kafka.Producing;
using Reco.Adapters.Kafka.Topics;
using Reco.Core.Ports;
using Partitioner = Reco.Core.Ports.Partitioner;

namespace Reco.Adapters.Kafka;

/// <summary>
/// The event log in a Kafka topic: the cluster's. A group's members share the partitions (cooperative-sticky); a position is committed
/// with its event times in the commit's metadata. Partitions are chosen here, as the journal chooses them, and not by the client.
/// </summary>
public sealed class KafkaEventLog : IEventLog, IAsyncDisposable
{
    private readonly KafkaLogContext _context;
    private readonly KafkaAppender _appender;
    private readonly LogEnds _ends;
    private readonly TopicPartition[] _places;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<KafkaConsumption, Task> _consumptions = new();
    private int _isDisposed;

    /// <summary>Begins to look for the brokers; returns at once.</summary>
    /// <exception cref="EventLogException">librdkafka cannot be loaded: what to install.</exception>
    public KafkaEventLog(KafkaOptions options, KafkaMetrics metrics, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        NativeKafka.EnsureLoaded();
        _context = new KafkaLogContext(options, metrics, time, logger);
        _appender = new KafkaAppender(_context);
        _ends = new LogEnds(options.Partitions);
        _places = [.. Enumerable.Range(0, options.Partitions).Select(p => new TopicPartition(options.Topic, p))];
        Connection = new KafkaConnection(_context);
        metrics.ObserveQueue(() => _appender.QueuedBytes);
        metrics.ObserveLag(() => _consumptions.Keys.SelectMany(c => c.Lag()));
    }

    /// <summary>Whether the brokers and the topics are as they should be.</summary>
    public KafkaConnection Connection { get; }

    /// <inheritdoc/>
    public int PartitionCount => _places.Length;

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<LogAppend> records, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        cancellationToken.ThrowIfCancellationRequested();
        if (records.Count == 0)
        {
            return;
        }

        var messages = new (TopicPartition, Message<string, ReadOnlyMemory<byte>>)[records.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            CheckRecord(records[i]);
            messages[i] = (
                _places[Partitioner.PartitionOf(records[i].Key, PartitionCount)],
                new Message<string, ReadOnlyMemory<byte>> { Key = records[i].Key, Value = records[i].Value });
        }

        if (await Connection.ProblemBeforeReadyAsync(cancellationToken) is { } problem)
        {
            throw new EventLogException(problem);
        }

        await _appender.AppendAsync(messages, new AppendBatch(messages.Length, _ends), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ConsumeAsync(string group, IPartitionConsumer consumer, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(consumer);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) == 1, this);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await Connection.WaitUntilReadyAsync(end.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return; // Nothing was owned, so there is nothing to revoke.
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var consumption = new KafkaConsumption(_context, group, _ends, consumer, end.Token);
        _consumptions[consumption] = ended.Task;
        try
        {
            await consumption.RunAsync();
        }
        finally
        {
            _consumptions.TryRemove(consumption, out _);
            ended.SetResult();
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            throw new EventLogException("The event log was closed.");
        }
    }

    /// <summary>Ends consumers as cancelling does, waits for what was accepted, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _closing.CancelAsync();
        await Task.WhenAll(_consumptions.Values);
        await _appender.DisposeAsync();
        await Connection.DisposeAsync();
        _closing.Dispose();
    }

    private void CheckRecord(in LogAppend record)
    {
        ArgumentException.ThrowIfNullOrEmpty(record.Key);
        if (record.Value.Length > _context.Options.MaxRecordBytes)
        {
            throw new ArgumentException(
                $"A record of '{record.Key}' has {record.Value.Length} bytes; Kafka:MaxRecordBytes is {_context.Options.MaxRecordBytes}.");
        }
    }
}
