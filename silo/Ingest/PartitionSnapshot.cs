using Reco.Core.Ports;

namespace Reco.Silo.Ingest;

/// <summary>What one partition must have confirmed before <see cref="Position"/> may be committed.</summary>
/// <param name="Users">Highest offset sent, by user.</param>
/// <param name="Products">Highest offset sent, by product.</param>
/// <param name="Position">What to commit then.</param>
internal sealed record PartitionSnapshot(
    IReadOnlyDictionary<string, long> Users,
    IReadOnlyDictionary<string, long> Products,
    CommittedPosition Position);
