using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reco.Testing.Elasticsearch;

/// <summary>Method and path of each call that Reco makes, the parameters it may have, and what answers it.</summary>
internal sealed class StubRoutes(StubCluster cluster, Lock turn, Func<string, bool> busy)
{
    public JsonObject Run(StubRequest request)
    {
        var path = request.Path.Trim('/').Split('/');
        var first = Uri.UnescapeDataString(path[0]);
        return (request.Method, path.Length == 1 && !first.StartsWith('_') ? "{index}" : first.StartsWith('_') ? first : path[^1]) switch
        {
            ("GET", "_alias") => Locked(request, [], () => cluster.DescribeAlias(path[1])),
            ("PUT", "_index_template") => Locked(request, [], () => cluster.PutTemplate(path[1], request.Json)),
            ("POST", "_aliases") => Locked(request, [], () => cluster.ChangeAliases(request.Json)),
            ("PUT", "{index}") => Locked(request, [], () => cluster.Create(first, request.JsonOrNone)),
            ("GET", "{index}") => Locked(request, [], () => cluster.Describe(first)),
            ("DELETE", "{index}") => Locked(request, [], () => cluster.Delete(first)),
            ("PUT", "_mapping") => Locked(request, [], () => cluster.PutMapping(first, request.Json)),
            ("PUT", "_settings") => Locked(request, [], () => cluster.PutSettings(first, request.Json)),
            ("POST", "_refresh") => Locked(request, [], () => Refresh(cluster.Resolve(first))),
            ("GET", "_count") => Locked(request, [], () => new JsonObject { ["count"] = cluster.Resolve(first).Reader.Documents.Length }),
            ("POST", "_bulk") => Locked(request, ["require_alias", "refresh", "filter_path"], () => Bulk(first, request)),
            ("POST", "_search") => Search(first, request),
            _ => throw new StubError(405, "method_not_allowed", $"no handler found for uri [{request.Path}] and method [{request.Method}]"),
        };
    }

    private JsonObject Locked(StubRequest request, string[] parameters, Func<JsonObject> answer)
    {
        request.OnlyParameters(parameters);
        lock (turn)
        {
            return answer();
        }
    }

    private static JsonObject Refresh(StubIndex index)
    {
        index.Refresh();
        return new JsonObject { ["_shards"] = new JsonObject { ["total"] = 1, ["successful"] = 1, ["failed"] = 0 } };
    }

    private JsonObject Search(string name, StubRequest request)
    {
        request.OnlyParameters("allow_partial_search_results");
        (string Name, StubReader Reader) searched;
        lock (turn)
        {
            var index = cluster.Resolve(name);
            searched = (index.Name, index.Reader);
        }

        return StubSearch.Run(request.Json, searched.Name, searched.Reader);
    }

    private JsonObject Bulk(string name, StubRequest request)
    {
        if (request.ContentType != "application/x-ndjson")
        {
            throw new StubError(406, "media_type_header_exception", $"Content-Type header [{request.ContentType}] is not supported");
        }

        if (request.Parameter("require_alias") == "true" && !cluster.IsAlias(name))
        {
            throw new StubError(
                404, "index_not_found_exception", $"no such index [{name}] and [require_alias] request flag is [true] and [{name}] is not an alias");
        }

        var index = cluster.Resolve(name);
        var answer = StubBulk.Run(request.Body, index, busy);
        if (request.Parameter("refresh") is "wait_for" or "true")
        {
            index.Refresh();
        }
        else if (request.Parameter("refresh") is not (null or "false"))
        {
            throw StubError.Argument($"Unknown value for refresh: [{request.Parameter("refresh")}].");
        }

        return request.Parameter("filter_path") is { } paths ? Filtered(answer, paths) : answer;
    }

    private static JsonObject Filtered(JsonObject answer, string paths)
    {
        if (paths != "errors,items.*.status,items.*.error")
        {
            throw StubError.Argument($"The stub does not know the filter_path [{paths}].");
        }

        var filtered = new JsonObject { ["errors"] = answer["errors"]!.DeepClone() };
        filtered["items"] = new JsonArray([.. answer["items"]!.AsArray().Select(item =>
        {
            var action = item!.AsObject().Single();
            var kept = new JsonObject { ["status"] = action.Value!["status"]!.DeepClone() };
            if (action.Value["error"] is { } error)
            {
                kept["error"] = error.DeepClone();
            }

            return new JsonObject { [action.Key] = kept };
        })]);
        return filtered;
    }
}

/// <summary>A request as it arrived.</summary>
public sealed record StubRequest(string Method, string Path, IReadOnlyDictionary<string, string> Parameters, string? ContentType, byte[] Body)
{
    /// <summary>The body as text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    internal JsonElement? JsonOrNone => Body.Length == 0 ? null : Json;

    internal JsonElement Json
    {
        get
        {
            if (ContentType != "application/json")
            {
                throw new StubError(406, "media_type_header_exception", $"Content-Type header [{ContentType}] is not supported");
            }

            try
            {
                return JsonSerializer.Deserialize<JsonElement>(Body);
            }
            catch (JsonException broken)
            {
                throw StubError.Parsing(broken.Message);
            }
        }
    }

    internal string? Parameter(string name) => Parameters.GetValueOrDefault(name);

    internal void OnlyParameters(params ReadOnlySpan<string> names)
    {
        foreach (var name in Parameters.Keys)
        {
            if (!names.Contains(name))
            {
                throw StubError.Argument($"request [{Path}] contains unrecognized parameter: [{name}]");
            }
        }
    }
}
