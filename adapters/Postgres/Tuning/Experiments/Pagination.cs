using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Experiments;

/// <summary>An order on a page.</summary>
public sealed record PageItem(long OrderId, string UserId, string Status, decimal Total, DateTime CreatedAt);

/// <summary>What a page costs by both ways, at one depth.</summary>
public sealed record PageCost(long Page, double OffsetMs, double KeysetMs);

/// <summary>A page of all orders, newest first, by OFFSET and by the key of the page before.</summary>
public sealed record PaginationComparison : Comparison
{
    /// <summary>From 1; when a cursor was followed, the page that it leads to.</summary>
    public required long Page { get; init; }

    public required int Limit { get; init; }

    /// <summary>Pages there are.</summary>
    public required long Pages { get; init; }

    /// <summary>The orders of the page.</summary>
    public required IReadOnlyList<PageItem> Items { get; init; }

    /// <summary>For ?cursor=: the page after this one. Null on the last page.</summary>
    public required string? NextCursor { get; init; }

    /// <summary>From the first page to the last: OFFSET grows with the depth, the cursor stays flat.</summary>
    public required IReadOnlyList<PageCost> Depths { get; init; }
}

internal static class Pagination
{
    private const string Columns = "SELECT order_id, user_id, status, total, created_at FROM orders";
    private const string Order = "ORDER BY created_at DESC, order_id DESC";

    public static async Task<PaginationComparison> RunAsync(
        LabSession session, long page, int limit, PageCursor? cursor, CancellationToken cancellationToken)
    {
        await OrderSpan.ReadAsync(session, cancellationToken);
        var orders = await CountAsync(session, "", cancellationToken);
        var pages = (orders + limit - 1) / limit;
        var offset = cursor is { } followed
            ? await CountAsync(session, $"WHERE {Key(followed, ">=")}", cancellationToken)
            : (page - 1) * limit;
        Check(cursor is null ? page : null, offset, orders, pages, limit);

        // Found before anything is timed: a client has it from the page before.
        var start = cursor ?? await BeforeAsync(session, offset, cancellationToken);
        var byOffset = new QueryForm("OFFSET", $"{Columns} {Order} OFFSET {offset} LIMIT {limit}");
        var byKey = new QueryForm("keyset", Keyset(start, limit));
        var measured = await session.MeasureAsync(ordered: true, cancellationToken, byOffset, byKey);
        var items = await session.QueryAsync(
            byKey.Sql,
            row => new PageItem(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetDecimal(3), row.GetDateTime(4)),
            cancellationToken);
        var (slow, fast) = (measured.Forms[0], measured.Forms[1]);
        return new PaginationComparison
        {
            Page = (offset / limit) + 1,
            Limit = limit,
            Pages = pages,
            Items = items,
            NextCursor = offset + items.Count < orders ? new PageCursor(items[^1].CreatedAt, items[^1].OrderId).ToToken() : null,
            Depths = await DepthsAsync(session, pages, limit, cancellationToken),
            Slow = slow,
            Fast = fast,
            Speedup = Words.Ratio(slow, fast),
            Identical = measured.Identical,
            Explanation = Words.Text($"Continuing after the last key is {Words.Against(fast, slow)}: OFFSET reads and throws away the {offset:N0} orders before the page, {Words.Blocks(slow)}, while the index on (created_at, order_id) leads straight to the next key, {Words.Blocks(fast)}."),
            Notes = ["A keyset goes to the next page, not to page N. With OFFSET an order that arrives meanwhile shifts every page by one, so that readers meet an order twice; a cursor does not."],
        };
    }

    private static void Check(long? page, long offset, long orders, long pages, int limit)
    {
        if (offset >= orders)
        {
            throw new TuningException(
                TuningFault.BadInput,
                page is null
                    ? "This cursor is after the last order: there is no further page."
                    : Words.Text($"must be from 1 to {pages}: there are {orders} orders, {limit} on a page"))
            {
                Field = page is null ? "cursor" : "page",
            };
        }
    }

    private static async Task<long> CountAsync(LabSession session, string where, CancellationToken cancellationToken) =>
        (await session.QueryAsync($"SELECT count(*) FROM orders {where}", row => row.GetInt64(0), cancellationToken))[0];

    /// <summary>The order right before a place; null before the first.</summary>
    private static async Task<PageCursor?> BeforeAsync(LabSession session, long offset, CancellationToken cancellationToken) =>
        offset == 0
            ? null
            : (await session.QueryAsync(
                // An index-only scan, where pages are marked visible.
                $"SELECT created_at, order_id FROM orders {Order} OFFSET {offset - 1} LIMIT 1",
                row => new PageCursor(row.GetDateTime(0), row.GetInt64(1)),
                cancellationToken))[0];

    private static string Keyset(PageCursor? start, int limit) =>
        start is { } after ? $"{Columns} WHERE {Key(after, "<")} {Order} LIMIT {limit}" : $"{Columns} {Order} LIMIT {limit}";

    private static string Key(PageCursor cursor, string comparison) =>
        $"(created_at, order_id) {comparison} ({SqlText.Timestamp(cursor.CreatedAt)}, {cursor.OrderId})";

    private static async Task<IReadOnlyList<PageCost>> DepthsAsync(
        LabSession session, long pages, int limit, CancellationToken cancellationToken)
    {
        var costs = new List<PageCost>();
        foreach (var page in new[] { 1, Math.Max(1, pages / 2), pages }.Distinct())
        {
            var offset = (page - 1) * limit;
            var start = await BeforeAsync(session, offset, cancellationToken);
            var byKey = new QueryForm("keyset", Keyset(start, limit));
            var keyset = new double[4];
            for (var run = 0; run < keyset.Length; run++)
            {
                keyset[run] = (await session.Runner.TimeAsync(byKey, cancellationToken)).ExecutionMs ?? 0;
            }

            var byOffset = new QueryForm("OFFSET", $"{Columns} {Order} OFFSET {offset} LIMIT {limit}");
            var once = await session.Runner.TimeAsync(byOffset, cancellationToken);
            // The first run of the keyset warmed its few blocks; those of OFFSET are far too many for that to matter.
            costs.Add(new PageCost(page, once.ExecutionMs ?? 0, AlternatingRuns.Median(keyset[1..])));
        }

        return costs;
    }
}
