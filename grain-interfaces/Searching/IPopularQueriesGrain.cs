using Orleans.Concurrency;

namespace Reco.GrainInterfaces;

/// <summary>
/// What shoppers search for, over all partitions of the event log. One in the cluster, key 0. Keeps nothing: whoever reads a partition reports
/// it again and again.
/// </summary>
[Alias("reco.IPopularQueriesGrain")]
public interface IPopularQueriesGrain : IGrainWithIntegerKey
{
    /// <summary>Replaces what is known of a partition; a repeat changes nothing.</summary>
    [Repeatable, Alias("Report")]
    Task ReportAsync(QueryReport report);

    /// <summary>The commonest queries in the window at stream time, most first.</summary>
    /// <param name="limit">Queries wanted, 1 to 100.</param>
    [Repeatable, AlwaysInterleave, Alias("GetTop")]
    Task<PopularQuery[]> GetTopAsync(int limit);
}

/// <summary>What was searched for in one partition.</summary>
[GenerateSerializer, Immutable, Alias("reco.QueryReport")]
public sealed record QueryReport
{
    /// <summary>The partition.</summary>
    [Id(0)] public required int Partition { get; init; }

    /// <summary>Its panes in the window.</summary>
    [Id(1)] public required QueryReportPane[] Panes { get; init; }
}

/// <summary>Counts of one pane of the window.</summary>
[GenerateSerializer, Immutable, Alias("reco.QueryReportPane")]
public sealed record QueryReportPane
{
    /// <summary>Its number: its start divided by the window's slide.</summary>
    [Id(0)] public required long Pane { get; init; }

    /// <summary>The commonest, most first.</summary>
    [Id(1)] public required PopularQuery[] Queries { get; init; }
}

/// <summary>A query and how often it was searched for.</summary>
[GenerateSerializer, Immutable, Alias("reco.PopularQuery")]
public sealed record PopularQuery
{
    /// <summary>In lower case, with single spaces.</summary>
    [Id(0)] public required string Query { get; init; }

    /// <summary>How often.</summary>
    [Id(1)] public required long Count { get; init; }
}
