using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Reco.Silo.Hosting;
using Reco.Silo.Options;
using Reco.Silo.Telemetry;
using Reco.Testing;

namespace Reco.Silo.Tests.Options;

/// <summary>Through the whole application, put together and not started: what is tested is what a person's setting meets.</summary>
public sealed class OptionsTests : IAsyncDisposable
{
    private readonly TempFolder _temp = new();
    private readonly List<WebApplication> _built = [];

    /// <summary>Each watches its settings file, and the system allows but so many watches.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var app in _built)
        {
            await app.DisposeAsync();
        }

        _temp.Dispose();
    }

    [Theory]
    [InlineData("Ingest", "Group=reco-ingest", "CheckpointIntervalSeconds=5", "BatchRecordsMax=8192", "CallsInFlightPerCore=4",
        "TimeShareMax=0.5", "ReadIntervalMillisecondsMax=512", "FlushesInFlightMax=32", "RetryDelaySeconds=0.1", "RetryDelaySecondsMax=10")]
    [InlineData("Backfill", "Events=200000", "HoursBack=72")]
    [InlineData("Otlp", "Endpoint=", "SummaryIntervalSeconds=60")]
    [InlineData("Windows", "Length=00:10:00", "Slide=00:05:00", "AllowedLateness=00:10:00")]
    [InlineData("Trending", "ShortHalfLife=00:10:00", "BaselineHalfLife=1.00:00:00", "LoadPrior=20", "ActivityPrior=10", "HalfSupport=10", "ScoreMin=0.5")]
    [InlineData("Popularity", "HalfLife=7.00:00:00")]
    [InlineData("History", "ProductsMax=500", "PurchasedMax=10000", "EvictionHalfLife=30.00:00:00")]
    [InlineData("Training", "RetrainIntervalMinutes=5", "CheckIntervalSeconds=5", "UsersMin=10", "ItemsMin=10", "InteractionsMin=100",
        "HeldOutFraction=0.03", "ProtectedItems=5", "EvaluationUsersMax=2000", "NdcgTolerance=0.005", "Als:Factors=64", "Als:Iterations=10",
        "Als:Regularization=0.007", "Als:RegularizationExponent=1", "Als:UnobservedWeight=0.5", "Als:ConfidenceShape=Logarithmic",
        "Als:ConfidenceAlpha=0.3", "Als:ConfidenceScale=5", "Als:InitialDeviation=0.1", "Als:Seed=1", "Als:Threads=0", "Als:TrackLoss=False")]
    [InlineData("Generator", "Enabled=False", "RatePerSecond=(none)", "BaseRatePerSecond=100", "Clock=1x", "StartHoursAgo=24", "Seed=42",
        "RunId=(none)", "Users=5000", "OpenSessionsMax=2000", "Promotions=[]", "TickMs=50", "CatchUpMsMax=1000")]
    [InlineData("Catalogue", "SeedProducts=1000", "Seed=*")]
    [InlineData("ServingCache", "RecommendationsMinutes=60", "UserStatsMinutes=5", "RankingsMinutes=5", "Answers=True", "RankedAgeSecondsMax=10",
        "ReadTimeoutMilliseconds=20", "WriteIntervalMilliseconds=100", "WriteQueueDocuments=10000", "MemoryDocuments=50000", "MemoryBytes=67108864")]
    [InlineData("ServingFill", "IntervalSeconds=1", "UsersPerSecondMax=200", "TimeShareMax=0.05", "UsersInFlightMax=1", "ActiveUsersMax=100000",
        "RankingIntervalSeconds=5", "RankingLimit=100", "CategoriesPerRound=20")]
    [InlineData("Api", "RequestTimeoutSeconds=35", "LiveClientsMax=100", "SearchTasteWeight=0.5")]
    [InlineData("PopularQueries", "Group=reco-queries", "ReportIntervalSeconds=2", "QueriesReported=500", "BatchRecordsMax=8192")]
    [InlineData("Admin", "Key=(none)")]
    public void Default_OfEverySetting_IsAsDocumented(string section, params string[] values) =>
        Assert.Equal(values, Effective(section).Select(value => values.Contains("Seed=*") && value.StartsWith("Seed=", StringComparison.Ordinal) ? "Seed=*" : value));

    [Fact]
    public void Default_OfTheEmbeddedStorage_IsAsDocumented() => Assert.Equal(
        [
            $"DataFolder={_temp.Path}", "Partitions=8", "Journal:SegmentBytes=67108864", "Journal:QueueBytes=4194304", "Journal:MaxRecordBytes=1048576",
            "Journal:ReadBufferBytes=1048576", "Journal:IndexIntervalBytes=65536", "Journal:RetentionBytes=(none)", "Journal:VerifyAtOpen=False",
            "State:SegmentBytes=67108864", "State:GarbageRatio=0.5", "State:QueueBytes=67108864", "State:MaxValueBytes=67108864",
            "DeadLetters:SegmentBytes=16777216", "DeadLetters:QueueBytes=4194304",
        ],
        Effective("Embedded"));

    [Theory]
    [InlineData("Ingest:Group", "")]
    [InlineData("Ingest:CheckpointIntervalSeconds", "0.09")]
    [InlineData("Ingest:CheckpointIntervalSeconds", "301")]
    [InlineData("Ingest:CheckpointIntervalSeconds", "NaN")]
    [InlineData("Ingest:BatchRecordsMax", "0")]
    [InlineData("Ingest:BatchRecordsMax", "65537")]
    [InlineData("Ingest:CallsInFlightPerCore", "0")]
    [InlineData("Ingest:CallsInFlightPerCore", "1001")]
    [InlineData("Ingest:TimeShareMax", "0.04")]
    [InlineData("Ingest:TimeShareMax", "1.1")]
    [InlineData("Ingest:ReadIntervalMillisecondsMax", "-1")]
    [InlineData("Ingest:ReadIntervalMillisecondsMax", "10001")]
    [InlineData("Ingest:FlushesInFlightMax", "0")]
    [InlineData("Ingest:FlushesInFlightMax", "10001")]
    [InlineData("Ingest:RetryDelaySeconds", "0")]
    [InlineData("Ingest:RetryDelaySeconds", "61")]
    [InlineData("Ingest:RetryDelaySecondsMax", "0")]
    [InlineData("Ingest:RetryDelaySecondsMax", "601")]
    [InlineData("Backfill:Events", "-1")]
    [InlineData("Backfill:Events", "1000001")]
    [InlineData("Backfill:HoursBack", "0.9")]
    [InlineData("Backfill:HoursBack", "8761")]
    [InlineData("ServingCache:RecommendationsMinutes", "0")]
    [InlineData("ServingCache:UserStatsMinutes", "0")]
    [InlineData("ServingCache:RankingsMinutes", "0")]
    [InlineData("ServingCache:RankedAgeSecondsMax", "-1")]
    [InlineData("ServingCache:ReadTimeoutMilliseconds", "0")]
    [InlineData("ServingCache:WriteIntervalMilliseconds", "-1")]
    [InlineData("ServingCache:WriteQueueDocuments", "0")]
    [InlineData("ServingCache:MemoryDocuments", "0")]
    [InlineData("ServingCache:MemoryBytes", "1")]
    [InlineData("ServingFill:IntervalSeconds", "0")]
    [InlineData("ServingFill:UsersPerSecondMax", "0")]
    [InlineData("ServingFill:TimeShareMax", "0")]
    [InlineData("ServingFill:UsersInFlightMax", "0")]
    [InlineData("ServingFill:ActiveUsersMax", "0")]
    [InlineData("ServingFill:RankingIntervalSeconds", "0")]
    [InlineData("ServingFill:RankingLimit", "0")]
    [InlineData("ServingFill:CategoriesPerRound", "0")]
    [InlineData("Otlp:Endpoint", "collector:4317")]
    [InlineData("Otlp:Endpoint", "ftp://collector")]
    [InlineData("Otlp:SummaryIntervalSeconds", "-0.4")]
    [InlineData("Otlp:SummaryIntervalSeconds", "86401")]
    [InlineData("Windows:Length", "00:00:00")]
    [InlineData("Windows:Slide", "00:00:00")]
    [InlineData("Windows:AllowedLateness", "-00:00:01")]
    [InlineData("Trending:ShortHalfLife", "00:00:09")]
    [InlineData("Trending:BaselineHalfLife", "00:00:59")]
    [InlineData("Trending:LoadPrior", "0")]
    [InlineData("Trending:ActivityPrior", "0")]
    [InlineData("Trending:HalfSupport", "-1")]
    [InlineData("Trending:ScoreMin", "0")]
    [InlineData("Popularity:HalfLife", "00:59:59")]
    [InlineData("History:ProductsMax", "0")]
    [InlineData("History:PurchasedMax", "0")]
    [InlineData("History:EvictionHalfLife", "00:59:59")]
    [InlineData("Training:RetrainIntervalMinutes", "0")]
    [InlineData("Training:CheckIntervalSeconds", "0")]
    [InlineData("Training:UsersMin", "0")]
    [InlineData("Training:ItemsMin", "0")]
    [InlineData("Training:InteractionsMin", "0")]
    [InlineData("Training:HeldOutFraction", "0.6")]
    [InlineData("Training:ProtectedItems", "-1")]
    [InlineData("Training:EvaluationUsersMax", "0")]
    [InlineData("Training:NdcgTolerance", "-1")]
    [InlineData("Training:Als:Factors", "12")]
    [InlineData("Training:Als:Iterations", "0")]
    [InlineData("Training:Als:Regularization", "0")]
    [InlineData("Training:Als:RegularizationExponent", "3")]
    [InlineData("Training:Als:UnobservedWeight", "0")]
    [InlineData("Training:Als:ConfidenceAlpha", "-1")]
    [InlineData("Training:Als:ConfidenceScale", "0")]
    [InlineData("Training:Als:InitialDeviation", "0")]
    [InlineData("Training:Als:Threads", "-1")]
    [InlineData("Generator:RatePerSecond", "0")]
    [InlineData("Generator:Users", "9")]
    [InlineData("Embedded:DataFolder", "")]
    [InlineData("Embedded:Partitions", "0")]
    [InlineData("Embedded:Journal:SegmentBytes", "1")]
    [InlineData("Embedded:State:GarbageRatio", "1")]
    [InlineData("Embedded:DeadLetters:QueueBytes", "1")]
    [InlineData("Catalogue:SeedProducts", "-1")]
    [InlineData("Api:RequestTimeoutSeconds", "0")]
    [InlineData("Api:LiveClientsMax", "0")]
    public void Start_OneFieldBroken_RefusesAndNamesIt(string key, string value)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Validate((key, value)));
        Assert.Contains(key[(key.LastIndexOf(':') + 1)..], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_AdminKeyTooLong_Refuses() =>
        Assert.Throws<OptionsValidationException>(() => Validate(("Admin:Key", new string('k', 257))));

    [Theory]
    [InlineData("Windows:Slide", "00:03:00", "multiple")]
    [InlineData("Windows:Slide", "00:00:05", "60 times")]
    [InlineData("Windows:AllowedLateness", "10:00:00", "60 times")]
    [InlineData("Trending:BaselineHalfLife", "00:39:59", "4 times")]
    [InlineData("Generator:CatchUpMsMax", "49", "TickMs")]
    [InlineData("Embedded:Journal:RetentionBytes", "4096", "SegmentBytes")]
    [InlineData("Ingest:RetryDelaySecondsMax", "0.05", "at least RetryDelaySeconds")]
    public void Start_TwoFieldsDoNotFit_RefusesAndSaysTheRule(string key, string value, string rule) =>
        Assert.Contains(rule, Assert.Throws<OptionsValidationException>(() => Validate((key, value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("http://127.0.0.1:4317", true)]
    public void IsExported_OnlyWithAnEndpoint(string? endpoint, bool expected) => Assert.Equal(
        expected,
        OtlpOptions.IsExported(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Otlp:Endpoint", endpoint)]).Build()));

    [Theory]
    [InlineData("Ingest")]
    [InlineData("Backfill")]
    [InlineData("Otlp")]
    [InlineData("Windows")]
    [InlineData("Trending")]
    [InlineData("Popularity")]
    [InlineData("History")]
    [InlineData("Training")]
    [InlineData("Training:Als")]
    [InlineData("Generator")]
    [InlineData("Embedded")]
    [InlineData("Embedded:Journal")]
    [InlineData("Catalogue")]
    [InlineData("ServingCache")]
    [InlineData("ServingFill")]
    [InlineData("PopularQueries")]
    [InlineData("Api")]
    [InlineData("Admin")]
    public void Start_UnknownKey_RefusesAndNamesIt(string section)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Validate((section + ":Nonsense", "1")));
        Assert.Contains("Nonsense", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_NotANumber_RefusesAndNamesTheField() => Assert.Contains(
        "BatchRecordsMax", Assert.Throws<InvalidOperationException>(() => Validate(("Ingest:BatchRecordsMax", "many"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Start_NothingSet_IsValid() => Validate();

    [Fact]
    public void Effective_ValuesThatWereSet_AreThoseShown()
    {
        Assert.Contains("BatchRecordsMax=7", Effective("Ingest", ("Ingest:BatchRecordsMax", "7")));
        Assert.Contains("Promotions=[12:00-13:00 20:00-21:00@5x]", Effective(
            "Generator", ("Generator:Promotions:0", "12:00-13:00"), ("Generator:Promotions:1", "20:00-21:00@5x")));
    }

    [Fact]
    public void Effective_AdminKey_IsMasked() => Assert.Equal(["Key=***"], Effective("Admin", ("Admin:Key", "hunter2")));

    private void Validate(params (string Key, string? Value)[] settings) =>
        Build(settings).Services.GetRequiredService<IStartupValidator>().Validate();

    private List<string> Effective(string section, params (string Key, string? Value)[] settings)
    {
        var services = Build(settings).Services;
        var found = services.GetServices<OptionsSection>().Single(s => s.Name == section);
        return [.. EffectiveOptionsLog.Describe(found.Read(services), "")];
    }

    private WebApplication Build((string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["Embedded:DataFolder"] = _temp.Path };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var app = RecoApplication.Build(all);
        _built.Add(app);
        return app;
    }
}
