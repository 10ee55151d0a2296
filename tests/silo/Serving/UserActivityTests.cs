using Reco.Silo.Serving;

namespace Reco.Silo.Tests.Serving;

public sealed class UserActivityTests
{
    private readonly UserActivity _activity = new(Microsoft.Extensions.Options.Options.Create(new ServingFillOptions { ActiveUsersMax = 3 }));

    [Fact]
    public void Take_UsersSeenSeveralTimes_AreGivenOnceInTheOrderTheyCame()
    {
        _activity.Saw(["b", "a"], 1);
        _activity.Saw(["a", "c", "b"], 2);
        Assert.Equal(3, _activity.Due);
        Assert.Equal(["b", "a"], _activity.Take(2));
        _activity.Saw(["b"], 3);
        Assert.Equal(["c", "b"], _activity.Take(10));
        Assert.Empty(_activity.Take(10));
    }

    [Fact]
    public void MakeAllDue_AfterForgetting_AreThoseOfTheWindow()
    {
        _activity.Saw(["old"], 1_000);
        _activity.Saw(["seen-again", "new"], 1_500);
        _activity.Saw(["seen-again"], 2_000);
        _activity.Take(10);

        _activity.Forget(1_500);
        Assert.Equal(2, _activity.MakeAllDue());
        Assert.Equal(["new", "seen-again"], _activity.Take(10).Order());

        _activity.Forget(1_501);
        Assert.Equal(1, _activity.MakeAllDue());
    }

    [Fact]
    public void Saw_NoRoom_LeavesNewcomersOutUntilSomeHaveLeft()
    {
        _activity.Saw(["a", "b", "c", "d"], 1);
        Assert.Equal((3, 1), (_activity.Due, _activity.LeftOut));
        _activity.Saw(["a"], 5);
        _activity.Forget(5);
        _activity.Saw(["d"], 6);
        Assert.Equal(["a", "b", "c", "d"], _activity.Take(10));
        Assert.Equal(1, _activity.LeftOut);
    }
}
