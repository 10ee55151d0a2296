using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reco.ClientApi.Tests.Hosting;

internal static class JsonAsserts
{
    /// <summary>The whole JSON, fields in any order; numbers by value.</summary>
    public static void Equal(string expected, JsonElement actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual.GetRawText())), actual.GetRawText());

    /// <summary>The problem names exactly this field, with a rule that says this.</summary>
    public static void NamesField(JsonElement problem, string field, string rulePart)
    {
        var error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Equal(field, error.Name);
        Assert.Contains(rulePart, Assert.Single(error.Value.EnumerateArray()).GetString());
    }

    /// <summary>All property names, with the path that leads to them.</summary>
    public static IEnumerable<(string Path, string Name)> Names(JsonElement json, string path = "$") => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject()
            .SelectMany(property => Names(property.Value, $"{path}.{property.Name}").Prepend((path, property.Name))),
        JsonValueKind.Array => json.EnumerateArray().SelectMany((element, index) => Names(element, $"{path}[{index}]")),
        _ => [],
    };
}
