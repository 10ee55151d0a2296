using System.Runtime.CompilerServices;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Kafka.Native;
using Reco.Adapters.Kafka.Producing;
using Reco.Adapters.Kafka.Topics;
using Reco.Core.Ports;

namespace Reco.Adapters.Kafka.DeadLetters;

/// <summary>
/// Dead letters in a Kafka topic, all in its first partition: there are few, and that keeps their order. A letter that is kept again
/// after a replay is told in two ways: this process remembers the last places that it wrote and writes them once; and whoever reads takes
/// only the first of each place, because another process, or this one before a restart, may have written it.
/// </summary>
public sealed partial class KafkaDeadLetterLog : IDeadLetterLog, IAsyncDisposable
{
    private const int PlacesMax = 100_000;
    private static readonly TimeSpan ReadStep = TimeSpan.FromMilliseconds(100);
    private readonly KafkaLogContext _context;
    private readonly KafkaConnection? _connection;
    private readonly KafkaAppender _appender;
    private readonly TopicPartition _place;
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Partition, long Offset), Task> _written = [];
    private readonly Queue<(int Partition, long Offset)> _writtenInOrder = new();

    /// <summary>On the topic of the options. With a connection, letters wait until the topics are as they should be.</summary>
    public KafkaDeadLetterLog(KafkaOptions options, KafkaConnection? connection, KafkaMetrics metrics, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        NativeKafka.EnsureLoaded();
        _context = new KafkaLogContext(options, metrics, time, logger);
        _connection = connection;
        _appender = new KafkaAppender(_context);
        _place = new TopicPartition(options.DeadLetterTopic, 0);
    }

    /// <inheritdoc/>
    /// <exception cref="EventLogException">The brokers did not take it.</exception>
    public async ValueTask AppendAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        cancellationToken.ThrowIfCancellationRequested();
        var place = (letter.Partition, letter.Offset);
        Task writing;
        lock (_gate)
        {
            if (!_written.TryGetValue(place, out writing!))
            {
                _written[place] = writing = WriteAsync(letter, place);
                _writtenInOrder.Enqueue(place);
                if (_writtenInOrder.Count > PlacesMax)
                {
                    _written.Remove(_writtenInOrder.Dequeue());
                }
            }
        }

        await writing.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DeadLetter> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var letter in await ReadAsync(cancellationToken))
        {
            yield return letter.Letter;
        }
    }

    /// <summary>Everything kept, the oldest first, each place once, with what became of it.</summary>
    /// <exception cref="EventLogException">The topic cannot be read.</exception>
    public Task<IReadOnlyList<KafkaDeadLetter>> ReadAsync(CancellationToken cancellationToken) => OwnThread.RunAsync(
        () =>
        {
            try
            {
                return Read(cancellationToken);
            }
            catch (KafkaException failure)
            {
                throw new EventLogException($"Topic '{_place.Topic}' cannot be read: {failure.Error.Reason}.", failure);
            }
        },
        cancellationToken);

    /// <summary>Sends a letter's value to the partition that it came from, then notes that it was sent: twice rather than never.</summary>
    /// <exception cref="EventLogException">The brokers did not take it.</exception>
    public async Task RetryAsync(KafkaDeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        var (partition, offset) = (letter.Letter.Partition, letter.Letter.Offset);
        var again = new Message<string, ReadOnlyMemory<byte>> { Key = UserOf(letter.Letter.Value)!, Value = letter.Letter.Value };
        await AppendOneAsync(new TopicPartition(letter.Topic, partition), again, cancellationToken);
        await AppendOneAsync(_place, DeadLetterMessage.EncodeRetried(letter.Topic, partition, offset), cancellationToken);
    }

    /// <summary>Waits for what was accepted.</summary>
    public ValueTask DisposeAsync() => _appender.DisposeAsync();

    private async Task WriteAsync(DeadLetter letter, (int Partition, long Offset) place)
    {
        await Task.Yield(); // Not under the caller's lock.
        try
        {
            if (_connection is not null && await _connection.ProblemBeforeReadyAsync(CancellationToken.None) is { } problem)
            {
                throw new EventLogException(problem);
            }

            await AppendOneAsync(_place, DeadLetterMessage.Encode(_context.Options.Topic, letter), CancellationToken.None);
        }
        catch
        {
            lock (_gate)
            {
                _written.Remove(place); // The next attempt writes.
            }

            throw;
        }
    }

    /// <summary>The key that every event of the topic has, where the letter is as much as JSON; else none.</summary>
    private static string? UserOf(ReadOnlyMemory<byte> value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("user_id", out var user) && user.ValueKind == JsonValueKind.String
                    ? user.GetString()
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Task AppendOneAsync(TopicPartition place, Message<string, ReadOnlyMemory<byte>> message, CancellationToken cancellationToken) =>
        _appender.AppendAsync([(place, message)], new AppendBatch(1, ends: null), cancellationToken);

    private IReadOnlyList<KafkaDeadLetter> Read(CancellationToken cancellationToken)
    {
        var config = KafkaClientSettings.Consumer(_context.Options, "reco-dead-letter-reader");
        (config.AutoOffsetReset, config.GroupInstanceId) = (AutoOffsetReset.Earliest, null);
        using var client = new ConsumerBuilder<Ignore, byte[]>(config).SetLogHandler((_, line) => _context.Log(line)).Build();
        var ends = client.QueryWatermarkOffsets(_place, _context.Options.RequestTimeout);
        client.Assign(new TopicPartitionOffset(_place, ends.Low));
        var letters = new List<KafkaDeadLetter>();
        var indexes = new Dictionary<(string, int, long), int>();
        var waitingSince = _context.Time.GetTimestamp();
        for (var next = ends.Low.Value; next < ends.High.Value;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (client.Consume(ReadStep) is { } message)
            {
                next = message.Offset.Value + 1;
                waitingSince = _context.Time.GetTimestamp();
                Take(message, letters, indexes);
            }
            else if (_context.Time.GetElapsedTime(waitingSince) > _context.Options.RequestTimeout)
            {
                throw new KafkaException(new Error(
                    ErrorCode.Local_TimedOut, $"nothing came from offset {next} on, of {ends.High.Value}, for {_context.Options.RequestTimeoutSeconds} s"));
            }
        }

        return letters;
    }

    private void Take(
        ConsumeResult<Ignore, byte[]> message, List<KafkaDeadLetter> letters, Dictionary<(string, int, long), int> indexes)
    {
        if (!DeadLetterMessage.TryDecode(message, out var letter, out var isRetried))
        {
            LogForeign(_context.Logger, message.Offset.Value, _place.Topic);
            return;
        }

        var place = (letter.Topic, letter.Letter.Partition, letter.Letter.Offset);
        if (isRetried)
        {
            if (indexes.TryGetValue(place, out var index))
            {
                letters[index] = letters[index] with { RetriedAt = letter.KeptAt };
            }
        }
        else if (indexes.TryAdd(place, letters.Count))
        {
            letters.Add(letter);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The message at offset {Offset} of '{Topic}' is no dead letter: its headers are not there")]
    private static partial void LogForeign(ILogger logger, long offset, string topic);
}
