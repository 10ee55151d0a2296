using Reco.Core.Catalogue;

namespace Reco.Core.Tests.Catalogue;

public sealed class SeededUsersTests
{
    [Fact]
    public void Generate_Default_IsFiveThousandNamedPeople()
    {
        var users = SeededUsers.Generate();
        Assert.Equal(5000, users.Count);
        Assert.Equal("user_000001", users[0].Id);
        Assert.Equal("user_005000", users[^1].Id);
        Assert.Equal(5000, users.Select(user => user.Id).Distinct().Count());
        Assert.All(users, user => Assert.Matches(@"^\p{Lu}\w+ \p{Lu}[\p{L}' ]+$", user.Name));
        Assert.True(users.Select(user => user.Name).Distinct().Count() > 3_000);
    }

    [Fact]
    public void Generate_SameSeed_IsTheSamePeopleAndFewerTheFirstOfThem()
    {
        Assert.Equal(SeededUsers.Generate(), SeededUsers.Generate());
        Assert.Equal(SeededUsers.Generate().Take(10), SeededUsers.Generate(10));
        Assert.NotEqual(SeededUsers.Generate(10), SeededUsers.Generate(10, seed: 1));
    }

    [Fact]
    public void Generate_NegativeCount_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SeededUsers.Generate(-1));
}
