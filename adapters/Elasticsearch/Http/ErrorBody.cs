using System.Text.Json;

namespace Reco.Adapters.Elasticsearch.Http;

/// <summary>The error of an answer or of one item: {"error": {"type", "reason", "caused_by": {...}}}, or {"error": "..."}.</summary>
internal static class ErrorBody
{
    /// <summary>Type and reason; an empty reason when the text is no such body (a proxy's page).</summary>
    public static (string? Type, string Reason) Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error)
                ? Read(error)
                : (null, "");
        }
        catch (JsonException)
        {
            // Not Elasticsearch's own words: the caller quotes them as they are.
            return (null, "");
        }
    }

    /// <summary>Type and reason of an "error" member.</summary>
    public static (string? Type, string Reason) Read(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            return (null, error.ToString());
        }

        var type = Text(error, "type");
        var reason = Text(error, "reason") ?? "";
        return error.TryGetProperty("caused_by", out var cause) && cause.ValueKind == JsonValueKind.Object && Text(cause, "reason") is { } deeper
            ? (type, $"{type}: {reason} ({deeper})")
            : (type, type is null ? reason : $"{type}: {reason}");
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
