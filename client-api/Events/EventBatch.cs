using System.Text.Json;
using Reco.ClientApi.Contracts;
using Reco.Core.Ports;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Events;

/// <summary>
/// The events of one request: each is cut out of the body's bytes, validated by <see cref="ShopEventJson"/>, and the good ones are
/// written again in the log's own form, all into one buffer. No document is built.
/// </summary>
internal sealed class EventBatch
{
    /// <summary>Most events in one request.</summary>
    public const int EventsMax = 1_000;

    private readonly PooledBuffer _buffer;
    private readonly Utf8JsonWriter _writer;
    private readonly List<(string Key, int End)> _good = new(16);
    private readonly List<Rejection> _rejected = [];
    private readonly long _nowMs;

    private EventBatch(int capacity, long nowMs)
    {
        _buffer = new PooledBuffer(capacity);
        _writer = new Utf8JsonWriter(_buffer, ShopEventJson.WriterOptions);
        _nowMs = nowMs;
    }

    /// <summary>Good events, in the order they came; valid until <see cref="Return"/>.</summary>
    public IReadOnlyList<LogAppend> Appends { get; private set; } = [];

    public IReadOnlyList<Rejection> Rejected => _rejected;

    /// <summary>Why nothing at all can be taken; null when at least one event is good.</summary>
    public string? Refusal { get; private set; }

    private int Count => _good.Count + _rejected.Count;

    /// <summary>Reads a list of events, an object with a list under "events", or one event.</summary>
    public static EventBatch Read(ReadOnlySpan<byte> body, long nowMs)
    {
        // What is written again is about as long as what came.
        var batch = new EventBatch(body.Length + 512, nowMs);
        try
        {
            batch.Refusal = batch.ReadAny(body);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name with an escape that is half a surrogate pair.
            batch._rejected.Add(new Rejection(batch.Count, "", $"not valid JSON: {broken.Message}"));
            batch.Refusal = "The body is not valid JSON; nothing was taken. Correct it and send all of it again.";
        }

        if (batch.Refusal is null && batch._good.Count == 0)
        {
            batch.Refusal = "No event of the request is valid; nothing was taken. Correct what rejected names and send them again.";
        }

        batch.Appends = batch.Refusal is null ? batch.Cut() : [];
        return batch;
    }

    /// <summary>Gives the memory back; not to be called while the log may still read it.</summary>
    public void Return() => _buffer.Return();

    private string? ReadAny(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        var refusal = reader.TokenType switch
        {
            JsonTokenType.StartArray => ReadList(body, ref reader),
            JsonTokenType.StartObject => ReadObject(body, ref reader),
            _ => "The body must be an event, a list of events, or an object with a list of events under \"events\".",
        };
        if (refusal is null)
        {
            // Throws when there is anything but white space behind it.
            reader.Read();
        }

        return refusal;
    }

    private string? ReadObject(ReadOnlySpan<byte> body, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("events"u8))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return "\"events\" must be a list of events.";
            }

            var refusal = ReadList(body, ref reader);
            while (refusal is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                reader.Skip();
            }

            return refusal;
        }

        Add(body[start..(int)reader.BytesConsumed]);
        return null;
    }

    private string? ReadList(ReadOnlySpan<byte> body, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Count == EventsMax)
            {
                return $"A request carries at most {EventsMax} events; nothing was taken. Send them in several requests.";
            }

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            Add(body[start..(int)reader.BytesConsumed]);
        }

        return Count == 0 ? "The list of events is empty: send 1 to 1000." : null;
    }

    private void Add(ReadOnlySpan<byte> json)
    {
        if (!ShopEventJson.TryRead(json, _nowMs, pool: null, out var shopEvent, out var fault))
        {
            _rejected.Add(new Rejection(Count, fault.Field, fault.Error));
            return;
        }

        _writer.Reset();
        ShopEventJson.Write(shopEvent, _writer);
        _writer.Flush();
        _good.Add((shopEvent.UserId, _buffer.Length));
    }

    private LogAppend[] Cut()
    {
        var appends = new LogAppend[_good.Count];
        var start = 0;
        for (var index = 0; index < appends.Length; index++)
        {
            var (key, end) = _good[index];
            appends[index] = new LogAppend(key, _buffer.Slice(start, end));
            start = end;
        }

        return appends;
    }
}
