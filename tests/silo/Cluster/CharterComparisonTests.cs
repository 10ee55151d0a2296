using Microsoft.Extensions.Configuration;
using Reco.Silo.Cluster;
using Reco.Silo.Cluster.Charters;

namespace Reco.Silo.Tests.Cluster;

/// <summary>Who may join whom, from looks at a list that the test writes.</summary>
public sealed class CharterComparisonTests
{
    private const string Self = "self";
    private static readonly DateTime Start = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly ClusterCharter Ours = Charter(("Kafka", "Kafka at a:9092", "A"), ("Kafka:Topic", "topic events", null));
    private static readonly ClusterCharter Others = Charter(("Kafka", "Kafka at b:9092", "B"), ("Kafka:Topic", "topic events", null));

    private readonly CharterComparison _comparison = new(Self, Ours);

    [Theory]
    [InlineData("Kafka at a:9092", "A", "Kafka at a:9092", "A", true)]
    [InlineData("Kafka at a:9092", "A", "Kafka at b:9092", "A", true)] // One more broker in the list, another name for it.
    [InlineData("Kafka at a:9092", "A", "Kafka at a:9092", "B", false)] // One name in two networks.
    [InlineData("Kafka at a:9092", "A", "Kafka at a:9092", null, true)] // Did not answer when that silo started.
    [InlineData("Kafka at a:9092", null, "Kafka at b:9092", "B", false)]
    public void AgreesWith_ByIdentityWhereBothHaveOne_OtherwiseByValue(string value, string? identity, string otherValue, string? otherIdentity, bool agree)
    {
        var (one, other) = (new CharterItem("Kafka", value, identity), new CharterItem("Kafka", otherValue, otherIdentity));
        Assert.Equal((agree, agree), (one.AgreesWith(other), other.AgreesWith(one)));
    }

    [Fact]
    public void DifferencesFrom_ItemsThatOnlyOneHas_AreNone()
    {
        var newer = Charter(("Kafka", "Kafka at a:9092", "A"), ("Kafka:Topic", "topic events", null), ("Region", "north", null));
        Assert.Empty(newer.DifferencesFrom(Ours));
        Assert.Empty(Ours.DifferencesFrom(newer));
    }

    [Fact]
    public void ToJson_ThenRead_IsTheSame() => Assert.Equal(Others.Items, ClusterCharter.Read(Others.ToJson()).Items);

    [Fact]
    public void Look_NobodyElse_Agrees() => Assert.Equal(CharterStanding.Agreed, Look([Newcomer(Self)]).Standing);

    [Fact]
    public void Look_MembersOfTheSameCharterOrOfNone_Agrees() => Assert.Equal(
        CharterStanding.Agreed, Look([Newcomer(Self), Member("same"), Member("older release")], ("same", Ours)).Standing);

    [Fact]
    public void Look_AMemberDiffersAndShowsASignOfLife_RefusesWithASentence()
    {
        Assert.Equal(CharterStanding.Unclear, Look([Newcomer(Self), Member("m")], ("m", Others)).Standing);

        var verdict = Look([Newcomer(Self), Member("m", signOfLife: 5)], ("m", Others));

        Assert.Equal(CharterStanding.Refused, verdict.Standing);
        Assert.Equal(
            "Cluster 'shop' is already running with Kafka at b:9092 (id B) (silo m); this silo is set up with Kafka at a:9092 (id A): "
            + "give one of the two another Cluster:ClusterId, or both the same settings.",
            verdict.Refusal("shop"));
    }

    /// <summary>Its clock may be hours off: only the change tells.</summary>
    [Theory]
    [InlineData(-36_000)]
    [InlineData(36_000)]
    public void Look_TheMembersClockIsOff_IsTheSame(double seconds)
    {
        Look([Newcomer(Self), Member("m", signOfLife: seconds)], ("m", Others));
        Assert.Equal(CharterStanding.Unclear, Look([Newcomer(Self), Member("m", signOfLife: seconds)], ("m", Others)).Standing);
        Assert.Equal(CharterStanding.Refused, Look([Newcomer(Self), Member("m", signOfLife: seconds + 5)], ("m", Others)).Standing);
    }

    [Fact]
    public void Look_TheMemberThatDiffersIsDeclaredDead_Agrees()
    {
        Assert.Equal(CharterStanding.Unclear, Look([Newcomer(Self), Member("m")], ("m", Others)).Standing);
        Assert.Equal(CharterStanding.Agreed, Look([Newcomer(Self)], ("m", Others)).Standing);
    }

    [Fact]
    public void Look_AnEarlierNewcomerDiffers_IsWaitedForUntilItIsAMember()
    {
        Assert.Equal(CharterStanding.Unclear, Look([Newcomer(Self), Newcomer("n", started: -1)], ("n", Others)).Standing);
        Assert.Equal(CharterStanding.Refused, Look([Newcomer(Self), Member("n") with { Started = Start.AddSeconds(-1) }], ("n", Others)).Standing);
    }

    /// <summary>Whatever the order of their times, of two newcomers one goes on and one does not.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void Look_TwoNewcomersDiffer_OneGoesOn(double started)
    {
        ListedSilo[] list = [Newcomer("a"), Newcomer("b", started)];
        var charters = new Dictionary<string, ClusterCharter> { ["a"] = Ours, ["b"] = Others };
        var standings = new[] { new CharterComparison("a", Ours).Look(list, charters).Standing, new CharterComparison("b", Others).Look(list, charters).Standing };
        Assert.Equal([CharterStanding.Agreed, CharterStanding.Unclear], standings.Order());
    }

    [Theory]
    [InlineData("Redis", "Redis at redis:6379, database 3")]
    [InlineData("Postgres", "PostgreSQL at db:5433/shop")]
    [InlineData("Memory", "the silos' memory")]
    public void StateOf_EachStorage_NamesThePlaceWithoutThePassword(string storage, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Redis:Endpoint"] = "redis:6379",
            ["Redis:Database"] = "3",
            ["Redis:Password"] = "secret",
            ["ConnectionStrings:Postgres"] = "Host=db;Port=5433;Database=shop;Username=u;Password=secret",
            ["Kafka:BootstrapServers"] = "kafka:9092",
        }).Build();
        var choice = ClusterChoice.Of(new ClusterOptions { Storage = Enum.Parse<ClusterStorage>(storage) }, configuration);
        Assert.Equal(expected, OwnCharter.StateOf(choice, configuration));
    }

    private static ClusterCharter Charter(params (string Name, string Value, string? Identity)[] items) =>
        new([.. items.Select(i => new CharterItem(i.Name, i.Value, i.Identity))]);

    private static ListedSilo Member(string silo, double signOfLife = 0) => new(silo, HasJoined: true, Start, Start.AddSeconds(signOfLife));

    private static ListedSilo Newcomer(string silo, double started = 0) => new(silo, HasJoined: false, Start.AddSeconds(started), Start);

    private CharterVerdict Look(ListedSilo[] list, params (string Silo, ClusterCharter Charter)[] charters) =>
        _comparison.Look(list, charters.Append((Self, Ours)).ToDictionary(c => c.Item1, c => c.Item2));
}
