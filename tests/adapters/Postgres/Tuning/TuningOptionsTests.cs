using Reco.Adapters.Postgres.Tuning;

namespace Reco.Adapters.Tests.Postgres.Tuning;

public sealed class TuningOptionsTests
{
    [Fact]
    public void Defaults_AreValidAndAsDocumented()
    {
        var options = new TuningOptions();

        Assert.True(Validate(options).Succeeded);
        Assert.Equal(
            (5, 3, 5d, 10d, 2d, 10_000, 100_000L, 16, 512, "reco_reader", 2, 8),
            (options.Runs, options.RunsMin, options.MeasureSeconds, options.StatementTimeoutSeconds, options.LockTimeoutSeconds, options.QueryCharactersMax,
                options.ResultRowsMax, options.WorkMemMegabytes, options.TempFileMegabytes, options.ReaderRole, options.ReadersMax, options.WaitingMax));
    }

    public static TheoryData<string, Action<TuningOptions>> Broken => new()
    {
        { "Runs", o => o.Runs = 0 },
        { "RunsMin", o => o.RunsMin = 6 },
        { "MeasureSeconds", o => o.MeasureSeconds = 0 },
        { "StatementTimeoutSeconds", o => o.StatementTimeoutSeconds = 0 },
        { "LockTimeoutSeconds", o => o.LockTimeoutSeconds = 61 },
        { "ConnectTimeoutSeconds", o => o.ConnectTimeoutSeconds = 0 },
        { "QueryCharactersMax", o => o.QueryCharactersMax = 0 },
        { "ResultRowsMax", o => o.ResultRowsMax = 0 },
        { "ResultBytesMax", o => o.ResultBytesMax = 0 },
        { "WorkMemMegabytes", o => o.WorkMemMegabytes = 0 },
        { "TempFileMegabytes", o => o.TempFileMegabytes = 0 },
        { "ReaderRole", o => o.ReaderRole = "reader; DROP ROLE reco" },
        { "ReadersMax", o => o.ReadersMax = 0 },
        { "WaitingMax", o => o.WaitingMax = -1 },
        { "WaitSeconds", o => o.WaitSeconds = 0 },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Validate_OneBrokenOption_NamesIt(string name, Action<TuningOptions> spoil)
    {
        var options = new TuningOptions();
        spoil(options);

        Assert.Contains(name, Validate(options).FailureMessage);
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(TuningOptions options) =>
        new TuningOptionsValidator().Validate(null, options);
}
