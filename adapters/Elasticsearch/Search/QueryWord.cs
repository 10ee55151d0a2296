using Reco.Adapters.Embedded.Search;

namespace Reco.Adapters.Elasticsearch.Search;

/// <summary>A word of the query, cut as the embedded index cuts it. Elasticsearch's analyzer stems it.</summary>
/// <param name="Text">Folded, unstemmed.</param>
/// <param name="MayBeUnfinished">It is the last one, and may be the beginning of what the shopper is typing.</param>
/// <param name="MayBeMisspelt">Long enough, and of letters only.</param>
internal sealed record QueryWord(string Text, bool MayBeUnfinished, bool MayBeMisspelt)
{
    /// <summary>The distinct words of a text, in order; none when it has no letter and no digit.</summary>
    public static IReadOnlyList<QueryWord> Read(string text)
    {
        var words = new List<(string Text, string Term, bool IsGram)>();
        var cut = text.Length > QueryPlan.TextCharactersMax ? text[..QueryPlan.TextCharactersMax] : text;
        var reader = new TokenReader(Scripts.ComposeHangul(cut), stackalloc char[TokenReader.BufferCharacters], indexing: false);
        while (words.Count < QueryPlan.WordsMax && reader.MoveNext())
        {
            var term = reader.Term.ToString();
            words.RemoveAll(word => word.Term == term);
            words.Add((reader.Word.ToString(), term, reader.IsGram));
        }

        return
        [
            .. words.Select((word, i) => new QueryWord(
                word.Text,
                MayBeUnfinished: i == words.Count - 1 && !word.IsGram && word.Text.Length >= QueryPlan.PrefixCharactersMin,
                MayBeMisspelt: !word.IsGram && OneTypo.CanBeMisspelt(word.Text))),
        ];
    }
}
