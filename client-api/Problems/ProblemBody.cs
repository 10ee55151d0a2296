using System.Text.Json.Serialization;
using Reco.ClientApi.Contracts;

namespace Reco.ClientApi.Problems;

/// <summary>What went wrong and what to do about it: problem+json of RFC 9457.</summary>
public sealed record ProblemBody
{
    /// <summary>"about:blank": the status says what kind it is (RFC 9457, section 4.2.1).</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The status in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What happened and what to do.</summary>
    public required string Detail { get; init; }

    /// <summary>Field to the rules it breaks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>The elements of a list that were refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Rejection>? Rejected { get; init; }

    /// <summary>Finds the request in logs and traces.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }
}
