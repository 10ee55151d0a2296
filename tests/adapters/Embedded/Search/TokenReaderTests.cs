using Reco.Adapters.Embedded.Search;

namespace Reco.Adapters.Tests.Embedded.Search;

public sealed class TokenReaderTests
{
    [Theory]
    [InlineData("White T-Light Holders, 2 pcs", "white t light holder 2 pc")]
    [InlineData("Women's O'Brien L’Oréal", "woman obrien loreal")]
    [InlineData("'quoted' rock 'n' roll'", "quoted rock n roll")]
    [InlineData("iPhone15 4K 100%", "iphone15 4k 100")]
    [InlineData("  ,,, !!! 🎁 \ud83c ", "")]
    [InlineData("a\ud83cb", "a b")]
    [InlineData("삼성phone이", "삼성 phone 이")]
    [InlineData("무선이어폰", "무선 선이 이어 어폰")]
    [InlineData("東京タワー", "東京 京タ タワ ワー")]
    [InlineData("𠮷野家", "𠮷野 野家")]
    [InlineData("हिन्दी", "हिन्दी")]
    public void MoveNext_Query_GivesTheTerms(string text, string terms) => Assert.Equal(terms, Terms(text, indexing: false));

    [Theory]
    [InlineData("무선 폰", "무 무선 선 폰")]
    [InlineData("a 東京 b", "a 東 東京 京 b")]
    public void MoveNext_IndexedUnspacedScript_GivesCharactersAndPairs(string text, string terms) =>
        Assert.Equal(terms, Terms(text, indexing: true));

    [Fact]
    public void MoveNext_LettersOfHangul_AreComposedFirst() =>
        Assert.Equal("한국 국어", Terms("\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165", indexing: false));

    [Fact]
    public void MoveNext_VeryLongWord_IsCutAt64() => Assert.Equal(new string('x', 64), Terms(new string('x', 1000), indexing: false));

    [Theory]
    [InlineData("phones", "phone")]
    [InlineData("watches", "watch")]
    [InlineData("dishes", "dish")]
    [InlineData("dresses", "dress")]
    [InlineData("boxes", "box")]
    [InlineData("sizes", "size")]
    [InlineData("batteries", "battery")]
    [InlineData("cookies", "cookie")]
    [InlineData("shoes", "shoe")]
    [InlineData("potatoes", "potato")]
    [InlineData("ties", "tie")]
    [InlineData("headaches", "headache")]
    [InlineData("knives", "knife")]
    [InlineData("women", "woman")]
    [InlineData("lenses", "lens")]
    [InlineData("houses", "house")]
    [InlineData("vases", "vase")]
    [InlineData("mice", "mouse")]
    [InlineData("TVs", "tv")]
    public void MoveNext_PluralAndSingular_AreOneTerm(string plural, string singular) =>
        Assert.Equal(Terms(singular, indexing: true), Terms(plural, indexing: true));

    [Theory]
    [InlineData("glass", "glas")]
    [InlineData("tennis", "tenni")]
    [InlineData("bus", "bu")]
    [InlineData("boots", "booth")]
    [InlineData("4s", "4")]
    public void MoveNext_DifferentWords_StayApart(string first, string second) =>
        Assert.NotEqual(Terms(first, indexing: true), Terms(second, indexing: true));

    private static string Terms(string text, bool indexing)
    {
        var terms = new List<string>();
        var reader = new TokenReader(Scripts.ComposeHangul(text), new char[TokenReader.BufferCharacters], indexing);
        while (reader.MoveNext())
        {
            terms.Add(reader.Term.ToString());
        }

        return string.Join(' ', terms);
    }
}
