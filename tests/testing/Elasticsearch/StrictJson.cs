using System.Text.Json;

namespace Reco.Testing.Elasticsearch;

/// <summary>Reads JSON as Elasticsearch does: a field it does not know, or a value of another type, is an error 400.</summary>
internal static class StrictJson
{
    /// <summary>The object, which has no fields but these.</summary>
    public static JsonElement Only(this JsonElement element, string what, params ReadOnlySpan<string> fields)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw StubError.Parsing($"[{what}] expected an object but found [{element.ValueKind}]");
        }

        foreach (var field in element.EnumerateObject())
        {
            if (!fields.Contains(field.Name))
            {
                throw StubError.Parsing($"[{what}] unknown field [{field.Name}]");
            }
        }

        return element;
    }

    /// <summary>The only field of an object: a query's name, a bulk action.</summary>
    public static JsonProperty Single(this JsonElement element, string what)
    {
        var fields = element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().ToArray() : [];
        return fields.Length == 1 ? fields[0] : throw StubError.Parsing($"[{what}] expected one field but found [{fields.Length}]");
    }

    public static JsonElement Need(this JsonElement element, string field, string what) =>
        element.TryGetProperty(field, out var value) ? value : throw StubError.Parsing($"[{what}] requires [{field}]");

    public static JsonElement? Find(this JsonElement element, string field) => element.TryGetProperty(field, out var value) ? value : null;

    public static string Text(this JsonElement element, string what) => element.ValueKind == JsonValueKind.String
        ? element.GetString()!
        : throw StubError.Parsing($"[{what}] expected a string but found [{element.ValueKind}]");

    public static double Number(this JsonElement element, string what) => element.ValueKind == JsonValueKind.Number
        ? element.GetDouble()
        : throw StubError.Parsing($"[{what}] expected a number but found [{element.ValueKind}]");

    public static int Whole(this JsonElement element, string what) => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value)
        ? value
        : throw StubError.Parsing($"[{what}] expected a whole number but found [{element}]");

    public static bool Flag(this JsonElement element, string what) => element.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? element.GetBoolean()
        : throw StubError.Parsing($"[{what}] expected a boolean but found [{element.ValueKind}]");

    /// <summary>The items of an array, or the value itself: most of the query DSL takes either.</summary>
    public static IEnumerable<JsonElement> OneOrMany(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [element];

    public static string OneOf(this JsonElement element, string what, params ReadOnlySpan<string> values)
    {
        var text = element.Text(what);
        return values.Contains(text) ? text : throw StubError.Parsing($"[{what}] unknown value [{text}]");
    }
}
