using Npgsql;
using Reco.Adapters.Postgres.Schema;
using Reco.Adapters.Postgres.Tuning;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Tuning;

/// <summary>A shop with orders, for laboratories: once a test class.</summary>
public class TuningShop(PostgresFixture postgres) : IAsyncLifetime
{
    public string ConnectionString { get; private set; } = "";

    private NpgsqlDataSource? _source;

    public NpgsqlDataSource Source => _source ?? throw new InvalidOperationException("the shop is not open yet");

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.NewDatabaseAsync();
        _source = NpgsqlDataSource.Create(ConnectionString);
        await new SchemaMigrator(_source).MigrateAsync(CancellationToken.None);
        await FillAsync(_source);
    }

    protected virtual Task FillAsync(NpgsqlDataSource source) => FillAsync(source, 20_000);

    public TuningLab Open(Action<TuningOptions>? configure = null, string? connectionString = null)
    {
        var options = new TuningOptions { Runs = 3, RunsMin = 1, MeasureSeconds = 0.5 };
        configure?.Invoke(options);
        return new TuningLab(connectionString ?? ConnectionString, options, TimeProvider.System);
    }

    /// <summary>Two years of orders, evenly, of more and less busy users and products.</summary>
    public static async Task FillAsync(NpgsqlDataSource source, int orders)
    {
        var users = Math.Max(200, orders / 25);
        var products = Math.Max(50, orders / 500);
        foreach (var sql in (string[])[
            $"INSERT INTO users SELECT 'user-' || i, 'User ' || i, (array['DE','FR','GB','US',NULL])[1 + i % 5], '2023-12-31', '2023-12-31' FROM generate_series(1, {users}) i",
            $"INSERT INTO products SELECT 'product-' || i, 'Product ' || i, 'category-' || i % 40, 'brand-' || i % 200, 5 + i % 300, i % 100, '2023-12-31', '2023-12-31' FROM generate_series(1, {products}) i",
            $"""
            SELECT setseed(0.5);
            INSERT INTO orders (event_id, user_id, status, total, created_at)
            SELECT 'seed-' || i, 'user-' || (1 + floor({users} * power(random(), 2)))::int,
                (array['pending','paid','shipped','delivered','delivered','delivered','cancelled','returned'])[1 + floor(random() * 8)::int],
                floor(random() * 30000)::int / 100.0, timestamptz '2024-01-01+00' + i * interval '730 days' / {orders}
            FROM generate_series(1, {orders}) i
            """,
            $"""
            SELECT setseed(0.25);
            INSERT INTO order_items
            SELECT order_id, 1, 'product-' || (1 + floor({products} * power(random(), 2)))::int, 1 + floor(random() * 3)::int, floor(random() * 20000)::int / 100.0
            FROM orders
            """,
            "VACUUM ANALYZE"])
        {
            await using var command = source.CreateCommand(sql);
            command.CommandTimeout = 120;
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Everything that a statement could have changed: rows, tables, indexes, functions, roles, sequences, settings. Not the readers' roles: other tests on the same server make and change theirs.</summary>
    public async Task<string> FingerprintAsync()
    {
        await using var command = Source.CreateCommand("""
            SELECT jsonb_build_object(
                'users', (SELECT sum(hashtextextended(t::text, 0)::numeric) FROM users t),
                'products', (SELECT sum(hashtextextended(t::text, 0)::numeric) FROM products t),
                'orders', (SELECT sum(hashtextextended(t::text, 0)::numeric) FROM orders t),
                'order_items', (SELECT sum(hashtextextended(t::text, 0)::numeric) FROM order_items t),
                'classes', (SELECT sum(hashtextextended(relname || relkind::text || coalesce(relacl::text, ''), 0)::numeric) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
                'schemas', (SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\_t%'),
                'functions', (SELECT string_agg(proname || coalesce(proacl::text, ''), ',' ORDER BY oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
                'roles', (SELECT string_agg(rolname || rolsuper || rolcanlogin || coalesce(rolconfig::text, ''), ',' ORDER BY rolname) FROM pg_roles WHERE rolname NOT LIKE 'reco\__%' AND rolname <> 'modest'),
                'large_objects', (SELECT count(*) FROM pg_largeobject_metadata),
                'sequences', (SELECT string_agg(sequencename || last_value, ',' ORDER BY sequencename) FROM pg_sequences),
                'settings', (SELECT string_agg(setconfig::text, ',' ORDER BY setdatabase) FROM pg_db_role_setting WHERE setrole = 0),
                'locks', (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))::text
            """);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }
}
