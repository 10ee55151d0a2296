using System.Buffers;
using System.Text.Json;
using Reco.GrainInterfaces;

namespace Reco.Workload.Http;

/// <summary>A JSON array of events being built, in a buffer that is kept for the next one. For one thread.</summary>
internal sealed class EventBatch : IDisposable
{
    /// <summary>Most events in a request.</summary>
    public const int EventsMax = 1_000;

    /// <summary>The server takes 1 MiB; the largest event that may still follow has 16 KiB.</summary>
    public const int BytesMax = (1024 * 1024) - EventRules.EventBytesMax - 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(256 * 1024);
    private readonly Utf8JsonWriter _writer;
    private readonly List<string> _eventIds = new(EventsMax);

    public EventBatch()
    {
        _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
        Clear();
    }

    public int Count => _eventIds.Count;

    public bool IsFull => Count >= EventsMax || _writer.BytesCommitted + _writer.BytesPending >= BytesMax;

    public string EventId(int index) => _eventIds[index];

    public void Add(ShopEvent shopEvent)
    {
        ShopEventJson.Write(shopEvent, _writer);
        _eventIds.Add(shopEvent.EventId);
    }

    /// <summary>Closes the array; valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Seal()
    {
        _writer.WriteEndArray();
        _writer.Flush();
        return _buffer.WrittenMemory;
    }

    public void Clear()
    {
        _eventIds.Clear();
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartArray();
    }

    public void Dispose() => _writer.Dispose();
}
