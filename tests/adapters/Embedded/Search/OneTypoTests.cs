using FsCheck;
using FsCheck.Fluent;
using Reco.Adapters.Embedded.Search;
using Reco.Core.Catalogue;

namespace Reco.Adapters.Tests.Embedded.Search;

public sealed class OneTypoTests
{
    [Fact]
    public void Collect_AnyWordAndTerms_FindsThoseAtDistanceOne()
    {
        var words =
            from length in Gen.Choose(1, 7)
            from letters in Gen.Elements('a', 'b', 'c', '1').ArrayOf(length)
            select new string(letters);
        var cases =
            from terms in words.ListOf(30)
            from word in words
            where OneTypo.CanBeMisspelt(word)
            select (terms, word);
        Prop.ForAll(cases.ToArbitrary(), pair => Compare(pair.terms, pair.word)).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Theory]
    [InlineData("lamp", true)]
    [InlineData("cup", false)]
    [InlineData("x900", false)]
    [InlineData("무선이어폰", false)]
    public void CanBeMisspelt_Word_WhenFourLettersOrMore(string word, bool can) => Assert.Equal(can, OneTypo.CanBeMisspelt(word));

    private static void Compare(IEnumerable<string> names, string word)
    {
        var segment = SegmentBuilder.Build([new Product { Id = "p", Name = string.Join(' ', names), Category = "", Price = 1 }]);
        var found = new HashSet<int>();
        OneTypo.Collect(segment, word, found);
        var near = segment.Terms.Where(term => term.All(char.IsLetter) && SearchOracle.Distance(term, word) == 1);
        Assert.Equal(near.Order(StringComparer.Ordinal), found.Select(number => segment.Terms[number]).Order(StringComparer.Ordinal));
    }
}
