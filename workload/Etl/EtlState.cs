using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reco.Workload.Etl;

/// <summary>
/// What is noted with an index. While it is built: how far. Then: from which updated_at on the next run reads. A transaction may commit long
/// after the time it wrote, so that time moves on only when every transaction up to a noted one has ended (see ChangeWatermark of the catalogue).
/// </summary>
internal sealed record EtlState
{
    /// <summary>Everything of the database is in the index.</summary>
    public bool IsComplete { get; init; }

    /// <summary>When the build began, by our clock.</summary>
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>The last product by id that is in a half-built index; null for none.</summary>
    public string? AfterId { get; init; }

    /// <summary>Products left out because they break a rule, or were refused.</summary>
    public long LeftOut { get; init; }

    /// <summary>Read what was written from this time on.</summary>
    public required DateTimeOffset ReadFrom { get; init; }

    /// <summary>Once all transactions up to this one have ended ...</summary>
    public required ulong PendingTransaction { get; init; }

    /// <summary>... the reading after that need go back to this time only.</summary>
    public required DateTimeOffset PendingAt { get; init; }

    public string ToText() => JsonSerializer.Serialize(this, EtlJson.Default.EtlState);

    /// <summary>Null for notes that are not ours or cannot be read: such an index is built anew.</summary>
    public static EtlState? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonSerializer.Deserialize(text, EtlJson.Default.EtlState);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EtlState))]
internal sealed partial class EtlJson : JsonSerializerContext;
