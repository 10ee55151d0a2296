using System.Globalization;
using System.Text.Json;

namespace Reco.Testing.Elasticsearch;

/// <summary>A field of the mapping and how its values become terms.</summary>
internal sealed record StubField(string Path, string Source, string Type, Func<string, List<string>>? Index, Func<string, List<string>>? Search)
{
    public bool IsText => Type is "text" or "search_as_you_type";
}

/// <summary>The mapping of an index: dynamic strict, text with sub-fields, keywords, numbers and dates.</summary>
internal sealed class StubMapping
{
    private readonly Dictionary<string, StubField> _fields = [];
    private readonly bool _strict;

    public StubMapping(JsonElement? mappings, StubAnalysis analysis)
    {
        mappings?.Only("mappings", "dynamic", "properties", "_meta");
        _strict = mappings?.Find("dynamic")?.ToString() == "strict";
        if (mappings?.Find("properties") is { } properties)
        {
            foreach (var property in properties.EnumerateObject())
            {
                Add(property.Name, property.Name, property.Value, analysis);
                if (property.Value.Find("fields") is { } others)
                {
                    foreach (var other in others.EnumerateObject())
                    {
                        Add($"{property.Name}.{other.Name}", property.Name, other.Value, analysis);
                    }
                }
            }
        }
    }

    public StubField? Find(string path) => _fields.GetValueOrDefault(path);

    public StubField Keyword(string path, string what) => Find(path) switch
    {
        null => throw StubError.Argument($"No mapping found for [{path}] in order to {what} on"),
        { IsText: true } => throw StubError.Argument($"Fielddata is disabled on [{path}]. Text fields are not optimised for {what}."),
        { } field => field,
    };

    /// <summary>Throws as the document parser does.</summary>
    public void Check(JsonElement document)
    {
        foreach (var value in document.EnumerateObject())
        {
            if (Find(value.Name) is { } field)
            {
                CheckValue(field, value.Value);
            }
            else if (_strict)
            {
                throw new StubError(
                    400, "strict_dynamic_mapping_exception", $"mapping set to strict, dynamic introduction of [{value.Name}] within [_doc] is not allowed");
            }
        }
    }

    private static void CheckValue(StubField field, JsonElement value)
    {
        var fits = value.ValueKind == JsonValueKind.Null || field.Type switch
        {
            "double" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            "long" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "date" => value.ValueKind == JsonValueKind.String
                && DateTime.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
            _ => value.ValueKind == JsonValueKind.String,
        };
        if (!fits)
        {
            throw new StubError(400, "document_parsing_exception", $"failed to parse field [{field.Path}] of type [{field.Type}]: '{value}'");
        }
    }

    private void Add(string path, string source, JsonElement field, StubAnalysis analysis)
    {
        var type = field.Need("type", path).OneOf("type", "text", "search_as_you_type", "keyword", "double", "integer", "long", "date");
        field.Only(path, type switch
        {
            "text" => ["type", "analyzer", "search_analyzer", "fields"],
            "search_as_you_type" => ["type", "analyzer", "search_analyzer", "max_shingle_size"],
            "keyword" => ["type", "normalizer"],
            _ => ["type"],
        });
        Func<string, List<string>>? index = null;
        Func<string, List<string>>? search = null;
        if (type is "text" or "search_as_you_type")
        {
            index = analysis.Analyzer(field.Find("analyzer")?.Text("analyzer") ?? "standard");
            search = field.Find("search_analyzer") is { } other ? analysis.Analyzer(other.Text("search_analyzer")) : index;
        }
        else if (type == "keyword")
        {
            Func<string, string> normalize = field.Find("normalizer") is { } normalizer ? analysis.Normalizer(normalizer.Text("normalizer")) : text => text;
            index = search = text => [normalize(text)];
        }

        _fields[path] = new StubField(path, source, type, index, search);
    }
}
