using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Postgres;

namespace Reco.Adapters.Tests.Postgres;

public sealed class PostgresOptionsTests
{
    private const string Good = "Host=db;Username=reco;Password=sesame;Database=shop";

    public static TheoryData<string, Action<PostgresOptions>> Broken => new()
    {
        { "ConnectionStrings:Postgres is empty", o => o.ConnectionString = " " },
        { "ConnectionStrings:Postgres cannot be read", o => o.ConnectionString = "Host=db;Colour=sesame" },
        { "ConnectionStrings:Postgres cannot be read", o => o.ConnectionString = "sesame" },
        { "ConnectionStrings:Postgres cannot be read", o => o.ConnectionString = "Host=db;Database=shop;Port=sesame" },
        { "ConnectionStrings:Postgres has no Host", o => o.ConnectionString = "Database=shop;Password=sesame" },
        { "ConnectionStrings:Postgres has no Database", o => o.ConnectionString = "Host=db;Password=sesame" },
        { "ApplicationName", o => o.ApplicationName = "" },
        { "ApplicationName", o => o.ApplicationName = new string('a', 64) },
        { "PoolSize", o => o.PoolSize = 1 },
        { "PoolSize", o => o.PoolSize = 1_001 },
        { "ConnectTimeoutSeconds", o => o.ConnectTimeoutSeconds = 0 },
        { "CommandTimeoutSeconds", o => o.CommandTimeoutSeconds = 0 },
        { "KeepAliveSeconds", o => o.KeepAliveSeconds = -1 },
        { "CataloguePollSeconds", o => o.CataloguePollSeconds = 0 },
        { "CatalogueFullReadMinutes", o => o.CatalogueFullReadMinutes = 0 },
        { "RetrySecondsMax", o => o.RetrySecondsMax = 0 },
    };

    [Fact]
    public void Defaults_WithAConnectionString_AreValidAndWhatTheDocumentationSays()
    {
        var options = new PostgresOptions();
        Assert.Equal("", options.ConnectionString);
        Assert.Equal("reco", options.ApplicationName);
        Assert.Equal(20, options.PoolSize);
        Assert.Equal(5, options.ConnectTimeoutSeconds);
        Assert.Equal(30, options.CommandTimeoutSeconds);
        Assert.Equal(30, options.KeepAliveSeconds);
        Assert.Equal(1, options.CataloguePollSeconds);
        Assert.Equal(10, options.CatalogueFullReadMinutes);
        Assert.Equal(5, options.RetrySecondsMax);

        options.ConnectionString = Good;
        Assert.True(new PostgresOptionsValidator().Validate(null, options).Succeeded);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Validate_OneBrokenSetting_NamesItAndNoSecret(string expected, Action<PostgresOptions> breakIt)
    {
        var options = new PostgresOptions { ConnectionString = Good };
        breakIt(options);

        var result = new PostgresOptionsValidator().Validate(null, options);

        Assert.Contains(expected, Assert.Single(result.Failures!), StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddPostgres_Options_ReachTheConnections()
    {
        await using var services = new ServiceCollection()
            .AddPostgres(options =>
            {
                options.ConnectionString = Good + ";Timeout=99;Minimum Pool Size=50";
                options.PoolSize = 7;
                options.ConnectTimeoutSeconds = 2;
                options.CommandTimeoutSeconds = 3;
                options.KeepAliveSeconds = 4;
                options.ApplicationName = "silo-1";
            })
            .AddPostgres(options => options.ConnectionString = "ignored: it was added before")
            .BuildServiceProvider();

        var parsed = new NpgsqlConnectionStringBuilder(services.GetRequiredService<NpgsqlDataSource>().ConnectionString);

        Assert.Equal("db", parsed.Host);
        Assert.Equal((7, 7), (parsed.MinPoolSize, parsed.MaxPoolSize));
        Assert.Equal((2, 3, 4), (parsed.Timeout, parsed.CommandTimeout, parsed.KeepAlive));
        Assert.Equal("silo-1", parsed.ApplicationName);
    }

    [Fact]
    public async Task AddPostgres_BrokenOptions_AreRefusedAtTheStart()
    {
        await using var services = new ServiceCollection().AddPostgres(_ => { }).BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
    }

    [Fact]
    public void Describe_ServerAway_SaysWhereAndNoSecret()
    {
        var text = PostgresFaults.Describe(new NpgsqlException("outer", new IOException("Connection refused")), Good);

        Assert.Contains("db:5432/shop does not answer (Connection refused)", text, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:Postgres", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", text, StringComparison.Ordinal);
    }
}
