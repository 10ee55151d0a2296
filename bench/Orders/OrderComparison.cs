using Npgsql;
using Reco.GrainInterfaces;

namespace Reco.Bench.Orders;

/// <summary>Every order of a run against the event that it came from.</summary>
internal static class OrderComparison
{
    /// <summary>What differs: missing orders, wrong fields, orders of no event.</summary>
    public static async Task<List<string>> CompareAsync(NpgsqlDataSource source, PurchaseMaker maker, CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        var missing = new HashSet<string>(maker.Made.Keys);
        await using var command = source.CreateCommand("""
            SELECT event_id, user_id, total, created_at, product_id, quantity, unit_price
            FROM orders LEFT JOIN order_items USING (order_id) WHERE starts_with(event_id, $1)
            """);
        command.Parameters.Add(new() { Value = maker.IdPrefix });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(0);
            if (!missing.Remove(id) || !IsRight(reader, maker.Made[id]))
            {
                wrong.Add($"order {id} is none of the log's, comes twice, or differs");
            }
        }

        wrong.AddRange(missing.Select(id => $"purchase {id} is no order"));
        return wrong;
    }

    private static bool IsRight(NpgsqlDataReader order, ShopEvent made) =>
        order.GetString(1) == made.UserId
        && order.GetDecimal(2) == made.Revenue
        && new DateTimeOffset(order.GetDateTime(3)).ToUnixTimeMilliseconds() == made.TimestampMs
        && order.GetString(4) == made.ProductId
        && order.GetInt32(5) == made.Quantity
        && order.GetDecimal(6) == made.UnitPrice;
}
