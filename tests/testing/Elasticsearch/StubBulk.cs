using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reco.Testing.Elasticsearch;

/// <summary>The lines of _bulk, one answer an item.</summary>
internal static class StubBulk
{
    private const int IdBytesMax = 512;

    /// <param name="body">The lines.</param>
    /// <param name="index">What they are written to.</param>
    /// <param name="busy">Whether to refuse an item with 429, as a full write queue does.</param>
    public static JsonObject Run(ReadOnlySpan<byte> body, StubIndex index, Func<string, bool> busy)
    {
        if (body.Length == 0 || body[^1] != (byte)'\n')
        {
            throw StubError.Argument("The bulk request must be terminated by a newline [\\n]");
        }

        var items = new JsonArray();
        var errors = false;
        while (body.Length > 0)
        {
            var action = Line(ref body).Single("bulk");
            if (action.Name is not ("index" or "create" or "update" or "delete"))
            {
                throw StubError.Argument($"Malformed action/metadata line, expected one of [create, delete, index, update] but found [{action.Name}]");
            }

            var allowed = action.Name == "update" ? new[] { "_id", "_index", "retry_on_conflict" } : ["_id", "_index"];
            var id = action.Value.Only("action/metadata line", allowed).Need("_id", "bulk").Text("_id");
            JsonElement? document = action.Name == "delete" ? null : Line(ref body);
            var answer = new JsonObject { ["_index"] = index.Name, ["_id"] = id };
            try
            {
                var (status, result) = busy(id)
                    ? throw new StubError(429, "es_rejected_execution_exception", "rejected execution of coordinating operation")
                    : Apply(index, action.Name, id, document);
                (answer["status"], answer["result"]) = (status, result);
            }
            catch (StubError refused)
            {
                errors = true;
                answer["status"] = refused.Status;
                answer["error"] = new JsonObject { ["type"] = refused.Type, ["reason"] = refused.Message };
            }

            items.Add((JsonNode)new JsonObject { [action.Name] = answer });
        }

        return new JsonObject { ["took"] = 1, ["errors"] = errors, ["items"] = items };
    }

    private static (int Status, string Result) Apply(StubIndex index, string action, string id, JsonElement? document)
    {
        if (id.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(id) > IdBytesMax)
        {
            throw StubError.Argument($"if _id is specified it must not be empty, and no longer than {IdBytesMax} bytes");
        }

        switch (action)
        {
            case "delete":
                return index.Delete(id) ? (200, "deleted") : (404, "not_found");
            case "update":
                var update = document!.Value.Only("UpdateRequest", "doc", "doc_as_upsert");
                var doc = update.Need("doc", "UpdateRequest");
                if (index.Get(id) is not { } known)
                {
                    return update.Find("doc_as_upsert") is { ValueKind: JsonValueKind.True }
                        ? Write(doc)
                        : throw new StubError(404, "document_missing_exception", $"[{id}]: document missing");
                }

                var merged = JsonObject.Create(known)!;
                foreach (var field in doc.EnumerateObject())
                {
                    merged[field.Name] = JsonNode.Parse(field.Value.GetRawText());
                }

                return Write(JsonSerializer.SerializeToElement(merged));
            case "create" when index.Get(id) is not null:
                throw new StubError(409, "version_conflict_engine_exception", $"[{id}]: version conflict, document already exists");
            default:
                return Write(document!.Value);
        }

        (int, string) Write(JsonElement source) => index.Put(id, source) ? (201, "created") : (200, "updated");
    }

    private static JsonElement Line(ref ReadOnlySpan<byte> body)
    {
        var end = body.IndexOf((byte)'\n');
        if (end <= 0)
        {
            throw StubError.Argument("Malformed bulk request: an empty line, or a document is missing.");
        }

        var line = body[..end];
        body = body[(end + 1)..];
        var reader = new Utf8JsonReader(line);
        return JsonElement.ParseValue(ref reader);
    }
}
