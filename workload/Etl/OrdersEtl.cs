using Reco.Adapters.Elasticsearch;
using Reco.Adapters.Postgres.Feed;

namespace Reco.Workload.Etl;

/// <summary>Orders of each day, added up, to Elasticsearch. A day that has a new order is added up again as a whole.</summary>
public sealed class OrdersEtl(ShopFeed feed, ElasticsearchOrders orders)
{
    /// <summary>Order numbers are given before their transaction commits; one that commits so many numbers late is still found.</summary>
    private const int NumbersLateMax = 10_000;

    /// <summary>Answers how many days were written.</summary>
    /// <param name="full">All days, which also finds orders whose status changed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<int> RunAsync(bool full, CancellationToken cancellationToken)
    {
        var newest = await orders.EnsureAsync(cancellationToken);
        await using var snapshot = await feed.SnapshotAsync(cancellationToken);
        var days = await snapshot.OrdersByDayAsync(full || newest < 0 ? -1 : Math.Max(0, newest - NumbersLateMax), cancellationToken);
        if (days.Count > 0)
        {
            await orders.WriteAsync(days, Math.Max(newest, days.Max(day => day.NewestOrderId)), cancellationToken);
        }

        return days.Count;
    }
}
