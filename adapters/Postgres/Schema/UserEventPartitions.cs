using Npgsql;

namespace Reco.Adapters.Postgres.Schema;

/// <summary>The partitions of <c>user_events</c>, one a month (UTC).</summary>
public static class UserEventPartitions
{
    /// <summary>More at once is taken for a mistake: fifty years.</summary>
    private const int MonthsMax = 600;

    /// <summary>
    /// Makes the partitions of all months from one moment to another, both included; those that exist stay. Without one, events of a month
    /// go to the default partition, where they are found as well but not dropped by the month.
    /// </summary>
    public static async Task EnsureAsync(
        NpgsqlConnection connection, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        var month = new DateTime(from.UtcDateTime.Year, from.UtcDateTime.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to.UtcDateTime, month.AddMonths(MonthsMax), nameof(to));
        for (; month <= to.UtcDateTime; month = month.AddMonths(1))
        {
            await using var command = new NpgsqlCommand("SELECT ensure_user_events_partition($1)", connection)
            {
                Parameters = { new() { Value = month } },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
