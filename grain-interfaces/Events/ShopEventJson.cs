using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reco.GrainInterfaces;

/// <summary>
/// The event as JSON, the form it has in requests, in the journal and in Kafka:
/// <c>event_id, user_id, product_id?, event_type, timestamp (RFC 3339), session_id?, query?, quantity?, unit_price?</c>.
/// Fields that it does not know are ignored, so that a newer producer can add some.
/// </summary>
public static class ShopEventJson
{
    /// <summary>
    /// For a writer that <see cref="Write"/> is given: only what JSON must have escaped is escaped, so that ids outside ASCII stay
    /// short and <see cref="IdPool"/> finds them when they are read back. Not for pasting into HTML.
    /// </summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 8 };

    /// <summary>
    /// Reads and validates one event.
    /// </summary>
    /// <param name="utf8">One JSON object, UTF-8.</param>
    /// <param name="nowMs">The clock against which "in the future" is judged: the gateway's now, or when the log took the record.</param>
    /// <param name="pool">Where ids are looked up so that equal ones share a string; null to allocate.</param>
    /// <param name="shopEvent">The event, when it is valid.</param>
    /// <param name="fault">The first rule it breaks, when it is not.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8,
        long nowMs,
        IdPool? pool,
        [NotNullWhen(true)] out ShopEvent? shopEvent,
        [NotNullWhen(false)] out EventFault? fault)
    {
        shopEvent = null;
        if (utf8.Length > EventRules.EventBytesMax)
        {
            fault = new EventFault("", $"an event has at most {EventRules.EventBytesMax} bytes; this one has {utf8.Length}");
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, ReaderOptions);
            if (!TryRead(ref reader, nowMs, pool, out shopEvent, out fault))
            {
                return false;
            }

            if (!reader.Read())
            {
                return true;
            }

            shopEvent = null;
            fault = new EventFault("", "one event is one JSON object; there is more behind it");
            return false;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not valid UTF-8.
            shopEvent = null;
            fault = new EventFault("", $"not valid JSON: {broken.Message}");
            return false;
        }
    }

    /// <summary>The event as one JSON object in UTF-8.</summary>
    public static byte[] ToUtf8(ShopEvent shopEvent)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        Write(shopEvent, writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the event as one JSON object.</summary>
    public static void Write(ShopEvent shopEvent, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("event_id"u8, shopEvent.EventId);
        writer.WriteString("user_id"u8, shopEvent.UserId);
        if (shopEvent.ProductId is not null)
        {
            writer.WriteString("product_id"u8, shopEvent.ProductId);
        }

        writer.WriteString("event_type"u8, EventTypes.Name(shopEvent.Type));
        Span<byte> time = stackalloc byte[33];
        var at = DateTimeOffset.FromUnixTimeMilliseconds(shopEvent.TimestampMs).UtcDateTime;
        Utf8Formatter.TryFormat(at, time, out var written, new StandardFormat('O'));
        // "2026-01-05T12:00:00.1230000Z": the last four digits are always zero.
        time[written - 5] = (byte)'Z';
        writer.WriteString("timestamp"u8, time[..(written - 4)]);
        if (shopEvent.SessionId is not null)
        {
            writer.WriteString("session_id"u8, shopEvent.SessionId);
        }

        if (shopEvent.Query is not null)
        {
            writer.WriteString("query"u8, shopEvent.Query);
        }

        if (shopEvent.Quantity is { } quantity)
        {
            writer.WriteNumber("quantity"u8, quantity);
        }

        if (shopEvent.UnitPrice is { } price)
        {
            writer.WriteNumber("unit_price"u8, price);
        }

        writer.WriteEndObject();
    }

    private static bool TryRead(
        ref Utf8JsonReader reader,
        long nowMs,
        IdPool? pool,
        [NotNullWhen(true)] out ShopEvent? shopEvent,
        [NotNullWhen(false)] out EventFault? fault)
    {
        var draft = default(ShopEventDraft);
        shopEvent = null;
        fault = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            fault = new EventFault("", "an event is a JSON object");
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!draft.TryReadField(ref reader, pool, ref fault))
            {
                return false;
            }
        }

        return draft.TryFinish(nowMs, out shopEvent, out fault);
    }
}
