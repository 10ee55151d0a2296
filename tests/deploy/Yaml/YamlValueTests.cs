using YamlDotNet.Core;

namespace Reco.Deploy.Tests.Yaml;

public sealed class YamlValueTests
{
    [Fact]
    public void Documents_MergedMap_HasBothAndItsOwnWins()
    {
        const string text = """
            base: &base
              a: "1"
              b: "2"
            derived:
              <<: *base
              b: "3"
            """;
        var derived = YamlValue.Documents(text).Single()["derived"];
        Assert.Equal([("a", "1"), ("b", "3")], derived.Entries.Select(entry => (entry.Key, entry.Value.Text!)).Order());
        Assert.False(derived["c"]["d"].Exists);
    }

    [Fact]
    public void Documents_SameKeyTwice_Throws() => Assert.ThrowsAny<YamlException>(() => YamlValue.Documents("a: 1\na: 2\n"));

    [Fact]
    public void Documents_SeveralInAFile_AreAllThere() =>
        Assert.Equal(["1", "2"], YamlValue.Documents("a: 1\n---\na: 2\n").Select(document => document["a"].Text));
}
