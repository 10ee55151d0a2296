using Reco.Silo.Serving;

namespace Reco.Silo.Tests.Serving;

public sealed class FillPaceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FillPace _pace = new(new ServingFillOptions { UsersPerSecondMax = 200, TimeShareMax = 0.25 });

    [Fact]
    public void Next_NothingKnownYet_IsTheRate() => Assert.Equal(200, _pace.Next(Second));

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 200)]
    [InlineData(2, 125)]
    [InlineData(25, 10)]
    [InlineData(250, 1)]
    [InlineData(10_000, 1)] // Their grains do not answer: one a round goes on asking.
    public void Next_UsersTookSoLong_IsWhatTheShareAllowsUpToTheRate(double milliseconds, int users)
    {
        _pace.Took(TimeSpan.FromMilliseconds(milliseconds * 8), 8);
        Assert.Equal(users, _pace.Next(Second));
    }

    [Fact]
    public void Next_LessThanOneForTheTimePassed_ComesInTurns()
    {
        _pace.Took(TimeSpan.FromSeconds(1), 10);
        Assert.Equal([0, 1, 0, 1], Enumerable.Range(0, 4).Select(_ => _pace.Next(TimeSpan.FromMilliseconds(200))));
    }

    [Fact]
    public void Next_CoresAreFreeAgain_IsSoonTheRateAgain()
    {
        _pace.Took(TimeSpan.FromMilliseconds(64), 1);
        var users = Enumerable.Range(0, 10).Select(_ =>
        {
            _pace.Took(TimeSpan.FromMilliseconds(1), 1);
            return _pace.Next(Second);
        }).ToList();
        Assert.Equal(users.Order(), users);
        Assert.Equal(200, users[^1]);
    }
}
