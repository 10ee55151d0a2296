namespace Reco.Deploy.Tests.Settings;

public sealed class KnownSettingsTests(RecoSystemFixture fixture) : IClassFixture<RecoSystemFixture>
{
    [Theory]
    [InlineData("Ingest:Group", "reco")] // of options with a constant for the section
    [InlineData("windows:length", "00:10:00")] // of options that the host registers under a section, in any case
    [InlineData("Training:Als:Factors", "64")] // a level down
    [InlineData("Generator:Promotions:0", "12:00-13:00")] // of a list
    [InlineData("Generator:RatePerSecond", "12.5")] // that may be missing
    [InlineData("Kafka:Compression", "lz4")] // one of several words
    [InlineData("ConnectionStrings:Postgres", "Host=somewhere")] // a key without options
    [InlineData("Logging:LogLevel:Default", "Warning")] // of appsettings.json
    [InlineData("urls", "http://0.0.0.0:5000")] // of the web host
    [InlineData("Cluster:SiloPort", null)] // not known before the start
    public void FaultOf_SettingThatIsThere_IsNone(string key, string? value) => Assert.Null(fixture.System.Settings.FaultOf(key, value));

    [Theory]
    [InlineData("Ingest:Grupe", "reco", "no options have a setting 'Ingest:Grupe'")]
    [InlineData("Ingesting:Group", "reco", "no options have a section 'Ingesting'")]
    [InlineData("Training:Als", "64", "no options have a setting 'Training:Als'")]
    [InlineData("Training:Als:Factors:Count", "64", "no options have a setting 'Training:Als:Factors:Count'")]
    [InlineData("Generator:Promotions:first", "12:00-13:00", "no options have a setting")]
    [InlineData("Windows:PanesPerWindowMax", "60", "no options have a setting")]
    [InlineData("ConnectionStrings:Postgre", "Host=somewhere", "no options have a section 'ConnectionStrings'")]
    [InlineData("Cluster:SiloPort", "eleven", "does not take 'eleven'")]
    [InlineData("Kafka:CreateTopics", "perhaps", "does not take 'perhaps'")]
    [InlineData("Windows:Length", "ten minutes", "does not take 'ten minutes'")]
    public void FaultOf_SettingThatIsNot_SaysWhy(string key, string? value, string sentence) =>
        Assert.Contains(sentence, fixture.System.Settings.FaultOf(key, value), StringComparison.Ordinal);

    [Fact]
    public void KeyOf_VariableOfTheEnvironment_HasColons() => Assert.Equal("Training:Als:Factors", KnownSettings.KeyOf("Training__Als__Factors"));
}
