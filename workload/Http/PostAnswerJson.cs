using System.Text.Json;

namespace Reco.Workload.Http;

/// <summary>Reads <c>{"accepted": n, "rejected": [{"index", "field", "error"}]}</c>.</summary>
internal static class PostAnswerJson
{
    /// <summary>
    /// Whether the body of a 400 names rejected events: the server answers so, without "accepted", when not one event of a request is valid.
    /// </summary>
    public static bool RefusesEachEvent(byte[] utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("rejected", out var rejected)
                && rejected.ValueKind == JsonValueKind.Array
                && rejected.GetArrayLength() > 0;
        }
        catch (JsonException)
        {
            // Not JSON, so not that answer; the caller reports the status.
            return false;
        }
    }

    /// <exception cref="JsonException">It is something else.</exception>
    public static PostAnswer Read(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("it is no object");
        }

        var rejected = root.TryGetProperty("rejected", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(ReadRejection).ToArray()
            : [];
        return root.TryGetProperty("accepted", out var accepted) && accepted.ValueKind == JsonValueKind.Number && accepted.TryGetInt32(out var count)
            ? new PostAnswer(count, rejected)
            : rejected.Length > 0 ? new PostAnswer(0, rejected)
            : throw new JsonException("there is no number 'accepted'");
    }

    private static Rejection ReadRejection(JsonElement one) =>
        one.ValueKind == JsonValueKind.Object
        && one.TryGetProperty("index", out var index)
        && index.ValueKind == JsonValueKind.Number
        && index.TryGetInt32(out var at)
            ? new Rejection(at, Text(one, "field"), Text(one, "error"))
            : throw new JsonException("a rejection has no index");

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}
