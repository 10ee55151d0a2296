using Reco.Core.Tests.Windows;
using Reco.Core.Trending;

namespace Reco.Core.Tests.Trending;

public sealed class TrendingOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreValid()
    {
        Assert.Empty(Options.FaultyFields(new TrendingOptions()));
        Assert.Empty(Options.FaultyFields(new PopularityOptions()));
        Assert.Equal(TimeSpan.FromMinutes(10), new TrendingOptions().ShortHalfLife);
        Assert.Equal(TimeSpan.FromHours(24), new TrendingOptions().BaselineHalfLife);
        Assert.Equal(TimeSpan.FromDays(7), new PopularityOptions().HalfLife);
    }

    public static TheoryData<string, TrendingOptions> Broken => new()
    {
        { nameof(TrendingOptions.ShortHalfLife), new TrendingOptions { ShortHalfLife = TimeSpan.FromSeconds(9) } },
        { nameof(TrendingOptions.ShortHalfLife), new TrendingOptions { ShortHalfLife = TimeSpan.FromHours(7) } },
        { nameof(TrendingOptions.BaselineHalfLife), new TrendingOptions { BaselineHalfLife = TimeSpan.FromDays(91) } },
        { nameof(TrendingOptions.LoadPrior), new TrendingOptions { LoadPrior = 0 } },
        { nameof(TrendingOptions.ActivityPrior), new TrendingOptions { ActivityPrior = 0 } },
        { nameof(TrendingOptions.HalfSupport), new TrendingOptions { HalfSupport = -1 } },
        { nameof(TrendingOptions.ScoreMin), new TrendingOptions { ScoreMin = 0 } },
    };

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void Validate_OneBrokenField_NamesIt(string field, TrendingOptions options) => Assert.Contains(field, Options.FaultyFields(options));

    [Fact]
    public void Validate_PopularityForgottenWithinMinutes_NamesIt() =>
        Assert.Equal([nameof(PopularityOptions.HalfLife)], Options.FaultyFields(new PopularityOptions { HalfLife = TimeSpan.FromMinutes(5) }));
}
