using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using Reco.Adapters.Kafka;
using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Kafka;

/// <summary>On the test broker (see <see cref="TestKafka"/>), which answers with errors, or goes away.</summary>
public sealed class KafkaFaultTests
{
    private const int Partitions = 4;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendAndRead_BrokerErrorsAndFiveSecondsWithoutBrokers_LoseNothingAndReadNothingTwice()
    {
        await using var kafka = await TestKafka.StartAsync(Partitions, brokers: 3);

        // A broker that refuses a batch also refuses the ones sent after it, as out of sequence. The test broker takes them, and the
        // client, relying on the broker, then reports the refused batch as stored. With one in flight there are none after it.
        kafka.Options.MaxInFlight = 1;
        var log = kafka.Open();
        var reading = new Reading();
        using var stop = new CancellationTokenSource();
        var consuming = log.ConsumeAsync("group", reading, stop.Token);
        await Deadline.Until(() => reading.Partitions == Partitions, "the partitions are assigned");
        using var enough = new CancellationTokenSource();
        var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(s => SendAsync(log, s, enough.Token)));
        try
        {
            foreach (var error in new[] { "NOT_LEADER_FOR_PARTITION", "NOT_ENOUGH_REPLICAS", "REQUEST_TIMED_OUT", "NOT_ENOUGH_REPLICAS_AFTER_APPEND" })
            {
                await kafka.Broker.PushErrorsAsync("Produce", error, 6);
                await kafka.Broker.PushErrorsAsync("Fetch", "NOT_LEADER_FOR_PARTITION", 3);
                await kafka.Broker.PushErrorsAsync("OffsetCommit", "GROUP_LOAD_IN_PROGRESS", 2);
                await reading.MoreAsync(200);
            }

            await kafka.Broker.DownAsync();
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, Cancel); // The outage that is tested, not a wait for something.
            await kafka.Broker.UpAsync();
            await reading.MoreAsync(200);
        }
        finally
        {
            await enough.CancelAsync();
        }

        var acknowledged = (await sending.Within("the senders end")).SelectMany(a => a).ToList();
        await Deadline.Until(() => reading.IsAtEnd, "everything is read and committed");
        await stop.CancelAsync();
        await consuming.Within("the consumer leaves");

        Assert.Empty(reading.Faults);
        var found = reading.Texts.Values.ToHashSet();
        Assert.Empty(acknowledged.Except(found));
        await using var after = await GroupMember.JoinAsync(kafka.Open(), "another group");
        for (var p = 0; p < Partitions; p++)
        {
            Assert.Equal(0, after[p].FirstOffset); // The test broker's 5 MiB a partition have dropped nothing.
            var all = await after.ReadToEndAsync(p, 0);
            Assert.Equal(all.Select(r => r.Text), all.Select(r => reading.Texts.GetValueOrDefault((p, r.Offset), "never read")));
        }
    }

    [Fact]
    public async Task AppendAsync_BrokersStayAway_FailsWithinTheDeliveryTimeoutAndRefusesBeyondTheQueue()
    {
        await using var kafka = await TestKafka.StartAsync(Partitions);
        (kafka.Options.DeliveryTimeoutSeconds, kafka.Options.QueueBytes, kafka.Options.MaxRecordBytes) = (2, 64 << 10, 32 << 10);
        var log = kafka.Open();
        await Deadline.Until(() => IsTakenAsync(log, "before"), "the brokers take an event");
        await kafka.Broker.DownAsync();
        var waiting = log.AppendAsync([new LogAppend("user", new byte[32 << 10])], Cancel).AsTask();

        var full = await Assert.ThrowsAsync<EventLogException>(
            async () => await log.AppendAsync([new LogAppend("user", new byte[32 << 10])], Cancel));
        Assert.Contains("QueueBytes", full.Message, StringComparison.Ordinal);
        Assert.False(waiting.IsCompleted);
        await Assert.ThrowsAsync<EventLogException>(() => waiting.Within("the append times out"));

        await kafka.Broker.UpAsync();
        await Deadline.Until(() => IsTakenAsync(log, "after"), "an append goes through again");
    }

    [Fact]
    public async Task AppendAsync_BrokersAbsentAtTheStart_IsRefusedWithTheReasonUntilTheyCome()
    {
        await using var kafka = await TestKafka.StartAsync(Partitions);
        await kafka.Broker.DownAsync();
        var log = kafka.Open();
        Assert.Contains(kafka.Options.BootstrapServers, log.Connection.Problem, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<EventLogException>(
            () => log.AppendAsync([new LogAppend("user", "1"u8.ToArray())], Cancel).AsTask().Within("the first look"));
        Assert.Contains("does not answer", refused.Message, StringComparison.Ordinal);
        await using (var joining = new CancelledWhileWaiting(log))
        {
            Assert.False(joining.HasEnded);
        }

        await kafka.Broker.UpAsync();
        await Deadline.Until(() => log.Connection.Problem is null, "the brokers are found");
        await log.AppendAsync([new LogAppend("user", "2"u8.ToArray())], Cancel);
    }

    [Theory]
    [InlineData(Partitions + 2, "has 4 partitions, but Kafka:Partitions is 6")]
    [InlineData(Partitions - 2, "has 4 partitions, but Kafka:Partitions is 2")]
    public async Task Connection_TopicHasOtherPartitions_SaysSoAndRefuses(int configured, string expected)
    {
        await using var kafka = await TestKafka.StartAsync(Partitions);
        kafka.Options.Partitions = configured;
        var log = kafka.Open();
        await Deadline.Until(() => log.Connection.Problem?.Contains(expected, StringComparison.Ordinal) == true, expected);
        await Assert.ThrowsAsync<EventLogException>(async () => await log.AppendAsync([new LogAppend("user", "1"u8.ToArray())], Cancel));
    }

    [Fact]
    public async Task Connection_TopicMissingAndMayNotBeMade_SaysWhichToMakeAndGoesOnOnceItIsThere()
    {
        await using var kafka = await TestKafka.StartAsync(Partitions);
        kafka.Options.Topic = "later";
        var log = kafka.Open();
        const string Expected = "--create --topic later --partitions 4";
        await Deadline.Until(() => log.Connection.Problem?.Contains(Expected, StringComparison.Ordinal) == true, Expected);
        await kafka.Broker.CreateTopicAsync("later", Partitions);
        await Deadline.Until(() => log.Connection.Problem is null, "the topic is found");
        await log.AppendAsync([new LogAppend("user", "1"u8.ToArray())], Cancel);
    }

    [Fact]
    public async Task AppendAsync_RecordTooLarge_IsRefusedAndTheLogGoesOn()
    {
        await using var kafka = await TestKafka.StartAsync(Partitions);
        var log = kafka.Open();
        var limit = kafka.Options.MaxRecordBytes;
        await Assert.ThrowsAsync<ArgumentException>(async () => await log.AppendAsync([new LogAppend("user", new byte[limit + 1])], Cancel));
        await log.AppendAsync([new LogAppend("user", new byte[limit])], Cancel);
        await kafka.Broker.PushErrorsAsync("Produce", "MSG_SIZE_TOO_LARGE");
        await Assert.ThrowsAsync<EventLogException>(async () => await log.AppendAsync([new LogAppend("user", "a"u8.ToArray())], Cancel));
        await log.AppendAsync([new LogAppend("user", "b"u8.ToArray())], Cancel);
    }

    [Fact]
    public async Task ReadAsync_GarbageAndTombstonesOfOthers_AreRecordsLikeAnyOther()
    {
        await using var kafka = await TestKafka.StartAsync(Partitions);
        byte[]?[] values = [[0xFF, 0x00, 0xC0], null, [], Encoding.UTF8.GetBytes("{\"user_id\":")];
        using (var other = new ProducerBuilder<Null, byte[]?>(new ProducerConfig { BootstrapServers = kafka.Options.BootstrapServers })
            .SetValueSerializer(new AsIs()).Build())
        {
            foreach (var value in values)
            {
                await other.ProduceAsync(new TopicPartition(kafka.Options.Topic, 1), new Message<Null, byte[]?> { Value = value }, Cancel);
            }
        }

        await using var member = await GroupMember.JoinAsync(kafka.Open(), "group");
        var read = new List<string>();
        while (read.Count < values.Length)
        {
            read.AddRange((await member[1].ReadAsync(10, Cancel)).Select(r => Convert.ToHexString(r.Value.Span)));
        }

        Assert.Equal(values.Select(v => Convert.ToHexString(v ?? [])), read);
    }

    /// <summary>The test broker keeps 5 MiB a partition, which a reader that stands still is soon behind.</summary>
    [Fact]
    public async Task ReadAsync_RetentionOvertakesTheReader_SaysSoAndItGoesOnWhereTheLogBegins()
    {
        await using var kafka = await TestKafka.StartAsync(Partitions);
        (kafka.Options.FetchQueueKilobytes, kafka.Options.Compression) = (64, CompressionType.None);
        var log = kafka.Open();
        await using var member = await GroupMember.JoinAsync(log, "group");
        var reader = member[Reco.Core.Ports.Partitioner.PartitionOf("user", Partitions)];
        await AppendAsync(1);
        Assert.Equal(0, (await reader.ReadAsync(1, Cancel))[0].Offset);
        await AppendAsync(100);

        var (failure, last) = (default(EventLogException), 0L);
        while (failure is null)
        {
            try
            {
                last = (await reader.ReadAsync(100, Cancel).AsTask().Within("reading on"))[^1].Offset;
                Assert.InRange(last, 1, 99);
            }
            catch (EventLogException behind)
            {
                failure = behind;
            }
        }

        Assert.InRange(reader.FirstOffset, last + 2, 100);
        Assert.Contains($"begins at offset {reader.FirstOffset} and cannot be read at {last + 1}", failure.Message, StringComparison.Ordinal);
        var first = reader.FirstOffset;
        var rest = await member.ReadToEndAsync(reader.Partition, first);
        Assert.Equal(Enumerable.Range((int)first, 101 - (int)first), rest.Select(r => (int)r.Offset));
        await AppendAsync(1);
        Assert.Equal(101, (await reader.ReadAsync(1, Cancel).AsTask().Within("a later record"))[0].Offset);

        async Task AppendAsync(int records)
        {
            for (var i = 0; i < records; i++)
            {
                await log.AppendAsync([new LogAppend("user", new byte[200 << 10])], Cancel);
            }
        }
    }

    /// <summary>Two seconds may pass before a client has found brokers that are there, on a busy machine.</summary>
    private static async Task<bool> IsTakenAsync(KafkaEventLog log, string text)
    {
        try
        {
            await log.AppendAsync([new LogAppend("user", Encoding.UTF8.GetBytes(text))], Cancel);
            return true;
        }
        catch (EventLogException failure) when (failure.InnerException is KafkaException { Error.Code: ErrorCode.Local_MsgTimedOut })
        {
            return false;
        }
    }

    /// <summary>Sends numbered events in threes until told to stop, each again until it is acknowledged; answers what was.</summary>
    private static async Task<List<string>> SendAsync(KafkaEventLog log, int sender, CancellationToken enough)
    {
        var acknowledged = new List<string>();
        for (var i = 0; !enough.IsCancellationRequested; i += 3)
        {
            var texts = Enumerable.Range(i, 3).Select(n => $"{sender}:{n}").ToList();
            try
            {
                await log.AppendAsync([.. texts.Select(t => new LogAppend($"user-{t.GetHashCode(StringComparison.Ordinal) % 50}", Encoding.UTF8.GetBytes(t)))], Cancel);
                acknowledged.AddRange(texts);
            }
            catch (EventLogException)
            {
                i -= 3;
            }
        }

        return acknowledged;
    }

    private sealed class AsIs : ISerializer<byte[]?>
    {
        public byte[] Serialize(byte[]? data, SerializationContext context) => data!;
    }

    private sealed class CancelledWhileWaiting : IAsyncDisposable
    {
        private readonly CancellationTokenSource _cancel = new();
        private readonly Task _consuming;

        public CancelledWhileWaiting(KafkaEventLog log) => _consuming = log.ConsumeAsync("group", new RecordingConsumer(), _cancel.Token);

        public bool HasEnded => _consuming.IsCompleted;

        public async ValueTask DisposeAsync()
        {
            await _cancel.CancelAsync();
            await _consuming.Within("a consumer that waits for the brokers ends");
            _cancel.Dispose();
        }
    }

    /// <summary>Reads all partitions and commits after every batch; a commit that fails is made good by a later one.</summary>
    private sealed class Reading : IPartitionConsumer
    {
        private readonly ConcurrentDictionary<int, (IPartitionReader Reader, CancellationTokenSource Stop, Task Run)> _owned = new();
        private readonly ConcurrentQueue<string> _faults = new();

        public ConcurrentDictionary<(int Partition, long Offset), string> Texts { get; } = new();

        public IReadOnlyCollection<string> Faults => _faults;

        public int Partitions => _owned.Count;

        public bool IsAtEnd => _owned.Count == KafkaFaultTests.Partitions
            && _owned.Values.All(o => (o.Reader.Committed?.NextOffset ?? 0) == o.Reader.EndOffset);

        public Task MoreAsync(int records)
        {
            var goal = Texts.Count + records;
            return Deadline.Until(() => Texts.Count >= goal, $"{records} more records are read");
        }

        public Task AssignedAsync(IPartitionReader reader, CancellationToken cancellationToken)
        {
            var stop = new CancellationTokenSource();
            _owned[reader.Partition] = (reader, stop, Task.Run(() => RunAsync(reader, stop.Token), CancellationToken.None));
            return Task.CompletedTask;
        }

        public async Task RevokedAsync(int partition, CancellationToken cancellationToken)
        {
            _owned.TryRemove(partition, out var owned);
            await owned.Stop.CancelAsync();
            await owned.Run;
        }

        public Task LostAsync(int partition, CancellationToken cancellationToken) => RevokedAsync(partition, cancellationToken);

        private async Task RunAsync(IPartitionReader reader, CancellationToken stop)
        {
            var committed = reader.Committed?.NextOffset ?? 0;
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    foreach (var record in await reader.ReadAsync(100, stop))
                    {
                        var isNew = Texts.TryAdd((reader.Partition, record.Offset), Encoding.UTF8.GetString(record.Value.Span));
                        if (!isNew && record.Offset < committed)
                        {
                            _faults.Enqueue($"offset {record.Offset} of partition {reader.Partition} came again after the commit of {committed}");
                        }

                        committed = Math.Max(committed, reader.Committed?.NextOffset ?? 0);
                        await CommitAsync(reader, record.Offset + 1);
                    }
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    return;
                }
                catch (EventLogException)
                {
                    if (!stop.IsCancellationRequested)
                    {
                        await RetryAsync(reader, stop);
                    }
                }
            }
        }

        /// <summary>As ingest does: wait a little, so that a partition that is gone does not spin until somebody says so, and go back.</summary>
        private static async Task RetryAsync(IPartitionReader reader, CancellationToken stop)
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop);
                reader.Seek(reader.Committed?.NextOffset ?? reader.FirstOffset);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Given up meanwhile: the caller's loop ends.
            }
        }

        private static async Task CommitAsync(IPartitionReader reader, long next)
        {
            if (next == reader.EndOffset || next % 10 == 0)
            {
                await reader.CommitAsync(new CommittedPosition(next, next, next), CancellationToken.None);
            }
        }
    }
}
