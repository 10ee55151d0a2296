using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.DeadLetters;

/// <summary>
/// A dead letter as a line of JSON, so that the file can be read without this program. The value stands there as text when it is
/// UTF-8, and in base 64 when it is not; either way it is read back byte for byte.
/// </summary>
internal static class DeadLetterLine
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Encode(DeadLetter letter, DateTimeOffset keptAt)
    {
        var line = new ArrayBufferWriter<byte>(letter.Value.Length + 256);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("kept_at", keptAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteNumber("partition", letter.Partition);
            json.WriteNumber("offset", letter.Offset);
            json.WriteString("reason", letter.Reason);
            if (TryText(letter.Value.Span) is { } text)
            {
                json.WriteString("value", text);
            }
            else
            {
                json.WriteBase64String("value_base64", letter.Value.Span);
            }

            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }

    public static DeadLetter Decode(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        var root = JsonElement.ParseValue(ref json);
        return new DeadLetter(
            root.GetProperty("partition").GetInt32(),
            root.GetProperty("offset").GetInt64(),
            root.GetProperty("reason").GetString()!,
            root.TryGetProperty("value", out var text) ? Strict.GetBytes(text.GetString()!) : root.GetProperty("value_base64").GetBytesFromBase64());
    }

    private static string? TryText(ReadOnlySpan<byte> value)
    {
        try
        {
            return Strict.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
