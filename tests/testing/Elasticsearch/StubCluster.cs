using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Reco.Testing.Elasticsearch;

/// <summary>Templates, indices and aliases. For one thread at a time.</summary>
internal sealed class StubCluster
{
    private readonly Dictionary<string, JsonElement> _templates = [];
    private readonly SortedDictionary<string, StubIndex> _indices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _aliases = [];

    public static JsonObject Acknowledged => new() { ["acknowledged"] = true };

    public JsonObject PutTemplate(string name, JsonElement body)
    {
        body.Only("index_template", "index_patterns", "template", "priority", "version", "_meta");
        body.Need("index_patterns", "index_template");
        if (body.Find("template") is { } template)
        {
            template.Only("template", "settings", "mappings", "aliases");

            // Tried out, as Elasticsearch does: a wrong analyzer is refused here.
            _ = new StubIndex(name, CheckSettings(template.Find("settings")), template.Find("mappings") ?? JsonSerializer.SerializeToElement(new JsonObject()));
        }

        _templates[name] = body;
        return Acknowledged;
    }

    public JsonObject Create(string name, JsonElement? body)
    {
        if (!Regex.IsMatch(name, "^[a-z0-9][a-z0-9_.-]*$"))
        {
            throw new StubError(400, "invalid_index_name_exception", $"Invalid index name [{name}]");
        }

        if (_indices.ContainsKey(name) || _aliases.ContainsKey(name))
        {
            throw new StubError(400, "resource_already_exists_exception", $"index [{name}] already exists");
        }

        body?.Only("create index", "aliases", "settings", "mappings");
        var template = _templates.Values
            .Where(one => one.GetProperty("index_patterns").EnumerateArray().Any(pattern => Matches(pattern.GetString()!, name)))
            .OrderByDescending(one => one.Find("priority")?.GetInt32() ?? 0)
            .Select(one => one.Find("template"))
            .FirstOrDefault();
        _indices[name] = new StubIndex(
            name,
            CheckSettings(Merge(template?.Find("settings"), body?.Find("settings"))),
            Merge(template?.Find("mappings"), body?.Find("mappings")));
        foreach (var alias in body?.Find("aliases")?.EnumerateObject().Select(alias => alias.Name) ?? [])
        {
            AddAlias(alias, name);
        }

        return new JsonObject { ["acknowledged"] = true, ["shards_acknowledged"] = true, ["index"] = name };
    }

    /// <summary>The index of this name, or the only one behind an alias of this name.</summary>
    public StubIndex Resolve(string name)
    {
        if (_indices.TryGetValue(name, out var index))
        {
            return index;
        }

        return _aliases.TryGetValue(name, out var those)
            ? those.Count == 1 ? _indices[those.Single()] : throw StubError.Argument($"alias [{name}] has more than one index")
            : throw StubError.NoIndex(name);
    }

    public bool IsAlias(string name) => _aliases.ContainsKey(name);

    public JsonObject Describe(string pattern)
    {
        var answer = new JsonObject();
        foreach (var index in _indices.Values.Where(index => Matches(pattern, index.Name)))
        {
            var aliases = new JsonObject();
            foreach (var alias in _aliases.Where(alias => alias.Value.Contains(index.Name)))
            {
                aliases[alias.Key] = new JsonObject();
            }

            answer[index.Name] = new JsonObject
            {
                ["aliases"] = aliases,
                ["mappings"] = JsonObject.Create(index.Mappings),
                ["settings"] = new JsonObject { ["index"] = JsonObject.Create(index.Settings) },
            };
        }

        return answer.Count == 0 && !pattern.Contains('*') ? throw StubError.NoIndex(pattern) : answer;
    }

    public JsonObject DescribeAlias(string alias)
    {
        if (!_aliases.TryGetValue(alias, out var those))
        {
            throw new StubError(404, "aliases_not_found_exception", $"alias [{alias}] missing");
        }

        var answer = new JsonObject();
        foreach (var index in those)
        {
            answer[index] = new JsonObject { ["aliases"] = new JsonObject { [alias] = new JsonObject() } };
        }

        return answer;
    }

    public JsonObject Delete(string name)
    {
        if (_aliases.ContainsKey(name))
        {
            throw StubError.Argument($"The provided expression [{name}] matches an alias, specify the corresponding concrete indices instead.");
        }

        if (!_indices.Remove(name))
        {
            throw StubError.NoIndex(name);
        }

        foreach (var alias in _aliases.Where(alias => alias.Value.Remove(name) && alias.Value.Count == 0).ToArray())
        {
            _aliases.Remove(alias.Key);
        }

        return Acknowledged;
    }

    /// <summary>All of the actions, or none of them.</summary>
    public JsonObject ChangeAliases(JsonElement body)
    {
        var actions = body.Only("aliases", "actions").Need("actions", "aliases").EnumerateArray().Select(action =>
        {
            var one = action.Single("actions");
            one.Value.Only(one.Name, "index", "alias");
            return (Adds: one.Name switch { "add" => true, "remove" => false, _ => throw StubError.Parsing($"[aliases] unknown field [{one.Name}]") },
                Index: one.Value.Need("index", one.Name).Text("index"), Alias: one.Value.Need("alias", one.Name).Text("alias"));
        }).ToArray();
        foreach (var action in actions)
        {
            if (!_indices.ContainsKey(action.Index))
            {
                throw StubError.NoIndex(action.Index);
            }

            if (!action.Adds && !(_aliases.TryGetValue(action.Alias, out var those) && those.Contains(action.Index)))
            {
                throw new StubError(404, "aliases_not_found_exception", $"aliases [{action.Alias}] missing");
            }
        }

        foreach (var action in actions)
        {
            if (action.Adds)
            {
                AddAlias(action.Alias, action.Index);
            }
            else
            {
                _aliases[action.Alias].Remove(action.Index);
            }
        }

        return Acknowledged;
    }

    public JsonObject PutMapping(string name, JsonElement body)
    {
        var index = Resolve(name);
        index.Mappings = Merge(index.Mappings, body.Only("put mapping", "_meta"));
        return Acknowledged;
    }

    public JsonObject PutSettings(string name, JsonElement body)
    {
        var index = Resolve(name);
        var changed = body.Find("index") ?? body;
        changed.Only("settings", "refresh_interval", "number_of_replicas");
        index.Settings = Merge(index.Settings, changed);
        return Acknowledged;
    }

    private static JsonElement CheckSettings(JsonElement? settings) => settings is { } given
        ? given.Only("settings", "number_of_shards", "number_of_replicas", "refresh_interval", "analysis")
        : JsonSerializer.SerializeToElement(new JsonObject());

    private void AddAlias(string alias, string index)
    {
        if (_indices.ContainsKey(alias))
        {
            throw StubError.Argument($"Invalid alias name [{alias}]: an index exists with the same name as the alias");
        }

        (_aliases.TryGetValue(alias, out var those) ? those : _aliases[alias] = []).Add(index);
    }

    private static bool Matches(string pattern, string name) =>
        Regex.IsMatch(name, "^" + Regex.Escape(pattern).Replace("\\*", ".*") + "$");

    private static JsonElement Merge(JsonElement? first, JsonElement? second)
    {
        var merged = first is { } one ? JsonObject.Create(one)! : [];
        foreach (var field in second?.EnumerateObject() ?? default)
        {
            merged[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(merged);
    }
}
