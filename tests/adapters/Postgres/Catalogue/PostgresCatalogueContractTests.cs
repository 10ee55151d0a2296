using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Catalogue;
using Reco.Adapters.Tests.Contracts;
using Reco.Adapters.Tests.Postgres.Schema;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Catalogue;

public sealed class PostgresCatalogueContractTests(PostgresFixture postgres) : CatalogueContract, IAsyncLifetime
{
    private NpgsqlDataSource? _source;

    public async ValueTask InitializeAsync() => _source = await MigratedDatabase.OpenAsync(postgres);

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    protected override async Task<ICatalogue> OpenAsync(ISearchIndex search)
    {
        var catalogue = new PostgresCatalogue(
            _source!, search, Options.Create(new PostgresOptions()), TimeProvider.System, NullLogger<PostgresCatalogue>.Instance);
        await catalogue.FollowAsync(Token);
        return catalogue;
    }
}
