using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Reco.Silo.Cluster;

namespace Reco.Silo.Tests.Cluster;

public sealed class ClusterOptionsTests
{
    public static TheoryData<string, Action<ClusterOptions>> Broken => new()
    {
        { "ClusterId", o => o.ClusterId = "" },
        { "ServiceId", o => o.ServiceId = "a b" },
        { "SiloPort", o => o.SiloPort = -1 },
        { "GatewayPort", o => o.GatewayPort = 65_536 },
        { "ProbeSeconds", o => o.ProbeSeconds = 0 },
        { "MissedProbes", o => o.MissedProbes = 0 },
        { "SiloCallSeconds", o => o.SiloCallSeconds = 0.1 },
        { "GatewayCallSeconds", o => o.GatewayCallSeconds = 0 },
        { "GatewayPatienceSeconds", o => o.GatewayPatienceSeconds = 0 },
        { "GatewayDeadlineSeconds", o => o.GatewayDeadlineSeconds = 301 },
        { "RepeatsPercent", o => o.RepeatsPercent = 101 },
        { "IdleMinutes", o => o.IdleMinutes = 0 },
        { "ShutdownSeconds", o => o.ShutdownSeconds = 0 },
    };

    [Fact]
    public void Validate_Defaults_AreValid()
    {
        var options = new ClusterOptions();
        Assert.Empty(FaultsOf(options));
        Assert.Equal(("reco", "reco", 11_111, 30_000), (options.ClusterId, options.ServiceId, options.SiloPort, options.GatewayPort));

        // What a reader waits for when a silo dies: the probes, then a repeat that fits into the deadline.
        Assert.True(options.ProbeSeconds * options.MissedProbes <= 1);
        Assert.True(options.GatewayDeadlineSeconds > options.GatewayCallSeconds);

        // A call that was on its way to it is sent to others well before it is given up.
        Assert.True(options.GatewayPatienceSeconds < options.GatewayCallSeconds / 2);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Validate_OneBrokenField_NamesIt(string field, Action<ClusterOptions> breakIt)
    {
        var options = new ClusterOptions();
        breakIt(options);
        Assert.Contains(FaultsOf(options), fault => fault.MemberNames.Contains(field));
    }

    [Theory]
    [InlineData(null, null, "", "", "", ClusterMembership.Localhost, ClusterStorage.Embedded)]
    [InlineData(null, null, "redis:6379", "", "", ClusterMembership.Localhost, ClusterStorage.Embedded)]
    [InlineData(null, null, "redis:6379", "", "kafka:9092", ClusterMembership.Redis, ClusterStorage.Redis)]
    [InlineData(ClusterMembership.Postgres, null, "", "Host=db", "kafka:9092", ClusterMembership.Postgres, ClusterStorage.Postgres)]
    [InlineData(ClusterMembership.Postgres, ClusterStorage.Redis, "redis:6379", "Host=db", "kafka:9092", ClusterMembership.Postgres, ClusterStorage.Redis)]
    [InlineData(ClusterMembership.Localhost, ClusterStorage.Redis, "redis:6379", "", "", ClusterMembership.Localhost, ClusterStorage.Redis)]
    public void Choice_OfWhatIsConfigured_IsAsStated(
        ClusterMembership? membership, ClusterStorage? storage, string redis, string postgres, string kafka, ClusterMembership expected, ClusterStorage state)
    {
        var choice = Choose(membership, storage, redis, postgres, kafka);
        Assert.Equal((expected, state), (choice.Membership, choice.Storage));
    }

    [Theory]
    [InlineData(ClusterMembership.Redis, null, "", "", "kafka:9092", "Redis:Endpoint must be set")]
    [InlineData(ClusterMembership.Postgres, null, "", " ", "kafka:9092", "ConnectionStrings:Postgres must be set")]
    [InlineData(ClusterMembership.Redis, ClusterStorage.Embedded, "redis:6379", "", "kafka:9092", "Storage must not be Embedded")]
    [InlineData(ClusterMembership.Redis, null, "redis:6379", "", "", "Kafka:BootstrapServers must be set")]
    [InlineData(null, ClusterStorage.Redis, "", "", "", "Redis:Endpoint must be set")]
    public void Choice_SomethingIsMissing_SaysWhat(
        ClusterMembership? membership, ClusterStorage? storage, string redis, string postgres, string kafka, string sentence)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Choose(membership, storage, redis, postgres, kafka));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    private static ClusterChoice Choose(ClusterMembership? membership, ClusterStorage? storage, string redis, string postgres, string kafka) =>
        ClusterChoice.Of(
            new ClusterOptions { Membership = membership, Storage = storage },
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Redis:Endpoint"] = redis,
                ["ConnectionStrings:Postgres"] = postgres,
                ["Kafka:BootstrapServers"] = kafka,
            }).Build());

    private static List<ValidationResult> FaultsOf(ClusterOptions options)
    {
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        return faults;
    }
}
