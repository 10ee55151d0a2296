using Npgsql;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.DeadLetters;
using Reco.Adapters.Postgres.Schema;
using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.DeadLetters;

public sealed class PostgresDeadLetterLogTests(PostgresFixture postgres) : DeadLetterLogContract
{
    private NpgsqlDataSource? _source;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public override async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    [Fact]
    public async Task ReadAllAsync_LettersOfAnotherSource_AreNotAmongThem()
    {
        var log = await LogAsync();
        var other = new PostgresDeadLetterLog(_source!, "other");
        await other.AppendAsync(new DeadLetter(0, 1, "theirs", new byte[] { 1 }), Cancel);
        await log.AppendAsync(new DeadLetter(0, 1, "ours", new byte[] { 2 }), Cancel);
        var all = new List<string>();
        await foreach (var letter in log.ReadAllAsync(Cancel))
        {
            all.Add(letter.Reason);
        }

        Assert.Equal(["ours"], all);
    }

    protected override async Task<IDeadLetterLog> LogAsync()
    {
        _source = PostgresRegistration.CreateDataSource(new PostgresOptions { ConnectionString = await postgres.NewDatabaseAsync() });
        await new SchemaMigrator(_source).MigrateAsync(Cancel);
        return new PostgresDeadLetterLog(_source, "orders");
    }

    protected override Task<IDeadLetterLog> RestartAsync() => Task.FromResult<IDeadLetterLog>(new PostgresDeadLetterLog(_source!, "orders"));
}
