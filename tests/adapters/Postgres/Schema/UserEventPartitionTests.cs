using Npgsql;
using Reco.Adapters.Postgres.Schema;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Schema;

public sealed class UserEventPartitionTests(PostgresFixture postgres) : IAsyncLifetime
{
    private NpgsqlDataSource? _source;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _source = await MigratedDatabase.OpenAsync(postgres);

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    [Fact]
    public async Task Ensure_RangeOfMonths_MakesOneEachAndEventsGoThere()
    {
        await using var connection = await _source!.OpenConnectionAsync(Token);

        await UserEventPartitions.EnsureAsync(connection, At(2025, 11, 30), At(2026, 2, 1), Token);
        await UserEventPartitions.EnsureAsync(connection, At(2025, 12, 1), At(2026, 1, 1), Token);

        Assert.Equal(
            "user_events_2025_11 user_events_2025_12 user_events_2026_01 user_events_2026_02 user_events_default",
            await AskAsync("SELECT string_agg(relname::text, ' ' ORDER BY relname) FROM pg_class WHERE relispartition AND relkind = 'r'"));
        await RunAsync("""
            INSERT INTO user_events (event_id, occurred_at, user_id, event_type) VALUES
                ('a', '2025-12-31 23:59:59.999999Z', 'u', 'view'), ('b', '2026-01-01 00:00:00Z', 'u', 'view'), ('c', '2030-01-01', 'u', 'view')
            """);
        Assert.Equal(
            "a:user_events_2025_12 b:user_events_2026_01 c:user_events_default",
            await AskAsync("SELECT string_agg(event_id || ':' || tableoid::regclass::text, ' ' ORDER BY event_id) FROM user_events"));
    }

    [Fact]
    public async Task Ensure_RowsInTheDefaultPartition_AreMoved()
    {
        await RunAsync("""
            INSERT INTO user_events (event_id, occurred_at, user_id, event_type) VALUES
                ('a', '2026-03-01Z', 'u', 'view'), ('b', '2026-03-31 23:00Z', 'u', 'like'), ('c', '2026-04-01Z', 'u', 'view')
            """);
        await using var connection = await _source!.OpenConnectionAsync(Token);

        await UserEventPartitions.EnsureAsync(connection, At(2026, 3, 15), At(2026, 3, 15), Token);

        Assert.Equal(
            "a:user_events_2026_03 b:user_events_2026_03 c:user_events_default",
            await AskAsync("SELECT string_agg(event_id || ':' || tableoid::regclass::text, ' ' ORDER BY event_id) FROM user_events"));
    }

    [Fact]
    public async Task Ensure_FourAtOnce_MakesOne()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var connection = await _source!.OpenConnectionAsync(Token);
            await UserEventPartitions.EnsureAsync(connection, At(2026, 5, 1), At(2026, 5, 1), Token);
        }));

        Assert.Equal(2L, await AskAsync("SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r'"));
    }

    [Fact]
    public async Task Ensure_WhileAnotherMakesTheSame_WaitsAndFindsIt()
    {
        await using var first = await _source!.OpenConnectionAsync(Token);
        await using var second = await _source!.OpenConnectionAsync(Token);
        await using var transaction = await first.BeginTransactionAsync(Token);
        await UserEventPartitions.EnsureAsync(first, At(2026, 5, 1), At(2026, 5, 1), Token);

        var waiting = UserEventPartitions.EnsureAsync(second, At(2026, 5, 1), At(2026, 5, 1), Token);
        await Deadline.Until(
            async () => (bool)(await AskAsync($"SELECT coalesce(wait_event_type = 'Lock', false) FROM pg_stat_activity WHERE pid = {second.ProcessID}"))!,
            "the second waits for the first");
        await transaction.CommitAsync(Token);
        await waiting;

        Assert.Equal(2L, await AskAsync("SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r'"));
    }

    [Fact]
    public async Task Ensure_EndBeforeStart_IsRefused()
    {
        await using var connection = await _source!.OpenConnectionAsync(Token);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => UserEventPartitions.EnsureAsync(connection, At(2026, 5, 1), At(2026, 4, 1), Token));
    }

    private static DateTimeOffset At(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    private async Task RunAsync(string sql)
    {
        await using var command = _source!.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task<object?> AskAsync(string sql)
    {
        await using var command = _source!.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }
}
