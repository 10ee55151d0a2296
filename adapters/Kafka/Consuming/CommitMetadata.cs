using System.Globalization;
using System.Text.RegularExpressions;
using Reco.Core.Ports;

namespace Reco.Adapters.Kafka.Consuming;

/// <summary>
/// What a commit carries beside the offset, as text that kafka-consumer-groups can show: "reco1 max-event-time-ms=... committed-at-ms=...".
/// </summary>
internal static partial class CommitMetadata
{
    public static string Encode(CommittedPosition position) => string.Create(
        CultureInfo.InvariantCulture, $"reco1 max-event-time-ms={position.MaxEventTimeMs} committed-at-ms={position.CommittedAtMs}");

    /// <summary>An offset that somebody else committed, such as an operator who reset the group, tells nothing about event times.</summary>
    public static CommittedPosition Decode(long nextOffset, string? metadata) =>
        Form().Match(metadata ?? "") is { Success: true } match
        && long.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var maxEventTimeMs)
        && long.TryParse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture, out var committedAtMs)
            ? new CommittedPosition(nextOffset, maxEventTimeMs, committedAtMs)
            : new CommittedPosition(nextOffset, long.MinValue, 0);

    [GeneratedRegex("^reco1 max-event-time-ms=(-?[0-9]{1,19}) committed-at-ms=(-?[0-9]{1,19})$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
