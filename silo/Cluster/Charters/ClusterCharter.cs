using System.Text.Json;

namespace Reco.Silo.Cluster.Charters;

/// <summary>
/// What the silos of one cluster must agree on, as name and value pairs: the log that they read and the state that they keep. Each silo
/// writes its own where the list of silos is, and a newcomer compares.
/// </summary>
internal sealed record ClusterCharter(IReadOnlyList<CharterItem> Items)
{
    public static ClusterCharter Read(string json) => new(JsonSerializer.Deserialize<List<CharterItem>>(json) ?? []);

    public string ToJson() => JsonSerializer.Serialize(Items);

    /// <summary>
    /// What differs, theirs and ours. An item that only one of them has, being of a newer release, is nothing that they could disagree on.
    /// </summary>
    public IReadOnlyList<(CharterItem Theirs, CharterItem Ours)> DifferencesFrom(ClusterCharter ours) =>
        [.. from our in ours.Items join their in Items on our.Name equals their.Name where !their.AgreesWith(our) select (their, our)];
}

/// <summary>One thing to agree on.</summary>
/// <param name="Name">What it is; items of one name are compared.</param>
/// <param name="Value">As this silo was told, in words for people.</param>
/// <param name="Identity">What it says of itself, where it could be asked: one Kafka may be configured under many addresses.</param>
internal sealed record CharterItem(string Name, string Value, string? Identity = null)
{
    /// <summary>By what it says of itself when both have asked, otherwise by what they were told.</summary>
    public bool AgreesWith(CharterItem other) =>
        Identity is not null && other.Identity is not null ? Identity == other.Identity : Value == other.Value;

    public override string ToString() => Identity is null ? Value : $"{Value} (id {Identity})";
}
