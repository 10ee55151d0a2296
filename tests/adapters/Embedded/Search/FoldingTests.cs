using Reco.Adapters.Embedded.Search;

namespace Reco.Adapters.Tests.Embedded.Search;

public sealed class FoldingTests
{
    [Theory]
    [InlineData("Ångström Crème BRÛLÉE", "angstrom creme brulee")]
    [InlineData("Łódź Đorđe Øresund", "lodz dorde oresund")]
    [InlineData("Straße Æsir Œuvre Þór", "strasse aesir oeuvre thor")]
    [InlineData("e\u0301te\u0301", "ete")]
    [InlineData("İstanbul ışık Ğ", "istanbul isik g")]
    [InlineData("Tiếng Việt", "tieng viet")]
    [InlineData("ΆΡΩΜΑ άρωμας", "αρωμα αρωμασ")]
    [InlineData("ЁЛКА ёлка", "елка елка")]
    [InlineData("ＰＨＯＮＥ１５", "phone15")]
    [InlineData("ﬁne ﬂat", "fine flat")]
    public void Fold_Text_IsLowerCaseWithoutAccents(string text, string folded) => Assert.Equal(folded, FoldAll(text));

    [Fact]
    public void Fold_EveryCharacter_IsAtMostTwoAndStaysFolded()
    {
        for (var unit = 0; unit <= char.MaxValue; unit++)
        {
            var once = FoldAll(((char)unit).ToString());
            Assert.InRange(once.Length, 0, Folding.ExpansionMax);
            Assert.Equal(once, FoldAll(once));
        }
    }

    private static string FoldAll(string text)
    {
        Span<char> two = stackalloc char[Folding.ExpansionMax];
        var folded = "";
        foreach (var letter in text)
        {
            folded += two[..Folding.Fold(letter, two)].ToString();
        }

        return folded;
    }
}
