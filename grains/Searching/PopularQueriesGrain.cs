using Microsoft.Extensions.Options;
using Reco.Core.Ports;
using Reco.Core.Searching;
using Reco.Core.Windows;
using Reco.GrainInterfaces;

namespace Reco.Grains.Searching;

/// <summary>Adds the partitions' reports up.</summary>
public sealed class PopularQueriesGrain(IStreamClock clock, IOptions<WindowOptions> windows) : Grain, IPopularQueriesGrain
{
    private readonly WindowShape _shape = new(windows.Value, kinds: 1, countUsers: false);
    private readonly Dictionary<int, QueryReport> _reports = [];

    public Task ReportAsync(QueryReport report)
    {
        _reports[report.Partition] = report;
        return Task.CompletedTask;
    }

    public Task<PopularQuery[]> GetTopAsync(int limit)
    {
        var panes = _reports.Values.SelectMany(report => report.Panes)
            .Select(pane => new QueryPane(pane.Pane, Array.ConvertAll(pane.Queries, query => new QueryCount(query.Query, query.Count))));
        var top = QueryCounter.Merge(panes, _shape, clock.NowMs, limit);
        return Task.FromResult<PopularQuery[]>([.. top.Select(query => new PopularQuery { Query = query.Query, Count = query.Count })]);
    }
}
