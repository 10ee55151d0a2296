using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Reco.Deploy.Tests.Yaml;

/// <summary>A value in a YAML document, anchors and merges resolved. What is not there is a value that does not exist.</summary>
internal readonly struct YamlValue(object? value)
{
    public bool Exists => value is not null;

    /// <summary>A scalar's text; null for anything else.</summary>
    public string? Text => value as string;

    public IReadOnlyList<YamlValue> Items => value is IList<object?> list ? [.. list.Select(item => new YamlValue(item))] : [];

    public IReadOnlyList<(string Key, YamlValue Value)> Entries =>
        value is IDictionary<object, object?> map ? [.. map.Select(entry => ((string)entry.Key, new YamlValue(entry.Value)))] : [];

    public YamlValue this[string key] => value is IDictionary<object, object?> map && map.TryGetValue(key, out var found) ? new YamlValue(found) : default;

    /// <summary>The documents of a file.</summary>
    /// <exception cref="YamlException">It is no YAML, or has a key twice.</exception>
    public static IReadOnlyList<YamlValue> Documents(string text)
    {
        // Refuses what the other, which resolves merges, does not: the same key twice.
        new YamlStream().Load(new StringReader(text));
        var parser = new MergingParser(new Parser(new StringReader(text)));
        var deserializer = new DeserializerBuilder().Build();
        var documents = new List<YamlValue>();
        parser.Consume<StreamStart>();
        while (!parser.TryConsume<StreamEnd>(out _))
        {
            documents.Add(new YamlValue(deserializer.Deserialize<object?>(parser)));
        }

        return documents;
    }

    /// <summary>Whether all of these labels, with these values, are among those; no labels at all match nothing.</summary>
    public bool IsPartOf(YamlValue labels) =>
        Entries.Count > 0 && Entries.All(entry => labels[entry.Key].Text == entry.Value.Text);
}
