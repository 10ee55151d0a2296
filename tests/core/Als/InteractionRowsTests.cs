using Reco.Core.Als;

namespace Reco.Core.Tests.Als;

public sealed class InteractionRowsTests
{
    [Fact]
    public void Replace_NewRow_IsThereInItsOrder()
    {
        var rows = new InteractionRows();

        Assert.True(rows.Replace("u", ["b", "a"], [2f, 1f]));

        var (user, items, weights) = Assert.Single(rows.Page(null, 10));
        Assert.Equal("u", user);
        Assert.Equal(["b", "a"], items);
        Assert.Equal([2f, 1f], weights);
    }

    [Fact]
    public void Replace_SameRow_ChangesNothing()
    {
        var rows = new InteractionRows();
        rows.Replace("u", ["a"], [1f]);
        var revision = rows.Revision;

        Assert.False(rows.Replace("u", ["a"], [1f]));

        Assert.Equal(revision, rows.Revision);
    }

    [Fact]
    public void Replace_EmptyRow_RemovesTheUser()
    {
        var rows = new InteractionRows();
        rows.Replace("u", ["a"], [1f]);

        Assert.True(rows.Replace("u", [], []));
        Assert.False(rows.Replace("u", [], []));

        Assert.Equal(0, rows.Count);
        Assert.Empty(rows.Page(null, 10));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Replace_BadWeight_Throws(float weight) =>
        Assert.Throws<ArgumentException>(() => new InteractionRows().Replace("u", ["a"], [weight]));

    [Fact]
    public void Replace_ProductTwice_Throws() =>
        Assert.Throws<ArgumentException>(() => new InteractionRows().Replace("u", ["a", "a"], [1f, 1f]));

    [Fact]
    public void Replace_LengthsDiffer_Throws() =>
        Assert.Throws<ArgumentException>(() => new InteractionRows().Replace("u", ["a"], []));

    [Fact]
    public void Page_ManyUsers_GivesEachOnceInOrder()
    {
        var rows = new InteractionRows();
        foreach (var user in Enumerable.Range(0, 25).OrderBy(i => i * 7 % 25))
        {
            rows.Replace($"u{user:D2}", ["a"], [1f]);
        }

        var seen = new List<string>();
        IReadOnlyList<(string UserId, string[] ItemIds, float[] Weights)> page;
        do
        {
            page = rows.Page(seen.LastOrDefault(), 10);
            seen.AddRange(page.Select(row => row.UserId));
        }
        while (page.Count == 10);

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"u{i:D2}"), seen);
    }

    [Fact]
    public void Page_AfterAUserThatIsGone_GoesOnBehindIt()
    {
        var rows = new InteractionRows();
        rows.Replace("a", ["x"], [1f]);
        rows.Replace("c", ["x"], [1f]);

        Assert.Equal("c", Assert.Single(rows.Page("b", 10)).UserId);
    }

    [Fact]
    public void Decode_OfEncoded_IsTheSameAndForgetsUnusedProducts()
    {
        var rows = new InteractionRows();
        rows.Replace("u1", ["a", "b"], [1f, 2.5f]);
        rows.Replace("u2", ["c"], [3f]);
        rows.Replace("u2", ["d", "a"], [4f, 5f]);

        var bytes = rows.Encode();
        var again = InteractionRows.Decode(bytes);

        Assert.Equal(rows.Revision, again.Revision);
        Assert.Equal(
            rows.Page(null, 10).Select(r => (r.UserId, string.Join(',', r.ItemIds), string.Join(',', r.Weights))),
            again.Page(null, 10).Select(r => (r.UserId, string.Join(',', r.ItemIds), string.Join(',', r.Weights))));
        Assert.DoesNotContain((byte)'c', bytes.Skip(9));
    }

    [Fact]
    public void Decode_CutAnywhere_SaysSo()
    {
        var rows = new InteractionRows();
        rows.Replace("user", ["a", "b"], [1f, 2f]);
        var bytes = rows.Encode();

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => InteractionRows.Decode(bytes[..length]));
        }

        Assert.Throws<InvalidDataException>(() => InteractionRows.Decode([.. bytes, 0]));
    }

    [Fact]
    public void Decode_OtherFormat_NamesIt()
    {
        var bytes = new InteractionRows().Encode();
        bytes[0] = 9;

        var error = Assert.Throws<InvalidDataException>(() => InteractionRows.Decode(bytes));

        Assert.Contains("format 9", error.Message, StringComparison.Ordinal);
    }
}
