using System.Text;

namespace Reco.Adapters.Embedded.Search;

/// <summary>
/// Cuts text into the words that are indexed and searched, without allocating. A word is a run of letters and digits, folded
/// (<see cref="Folding"/>) and stemmed (<see cref="PluralStemmer"/>). Scripts without spaces (Han, kana, Hangul) become pairs of
/// characters; a text that is indexed gives each character as well, so that a query of one character finds it. Any sequence of
/// UTF-16 units is acceptable.
/// </summary>
internal ref struct TokenReader(ReadOnlySpan<char> text, Span<char> buffer, bool indexing)
{
    /// <summary>Longest word in characters; what is longer is cut.</summary>
    public const int WordCharactersMax = 64;

    /// <summary>How large the buffer must be: the word and its stem.</summary>
    public const int BufferCharacters = 2 * (WordCharactersMax + Folding.ExpansionMax);

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _word = buffer[..(BufferCharacters / 2)];
    private readonly Span<char> _stem = buffer[(BufferCharacters / 2)..];
    private int _position;
    private int _runStart;
    private bool _inRun;
    private bool _pairNext;

    /// <summary>The folded word as it was written.</summary>
    public ReadOnlySpan<char> Word { get; private set; }

    /// <summary>What is indexed and looked up.</summary>
    public ReadOnlySpan<char> Term { get; private set; }

    /// <summary>A character or a pair of a script without spaces.</summary>
    public bool IsGram { get; private set; }

    /// <summary>Goes to the next word.</summary>
    public bool MoveNext()
    {
        while (_position < _text.Length)
        {
            var rune = RuneAt(_position, out var units);
            if (Scripts.IsUnspaced(rune))
            {
                if (MoveToGram(units))
                {
                    return true;
                }
            }
            else if (IsWordStart(rune))
            {
                _inRun = false;
                if (MoveToWord())
                {
                    return true;
                }
            }
            else
            {
                _inRun = false;
                _position += units;
            }
        }

        return false;
    }

    private bool MoveToGram(int units)
    {
        if (!_inRun)
        {
            _inRun = true;
            _runStart = _position;
            _pairNext = false;
        }

        var end = _position + units;
        var second = end < _text.Length && Scripts.IsUnspaced(RuneAt(end, out var secondUnits)) ? secondUnits : 0;
        if (!_pairNext)
        {
            var alone = _position == _runStart && second == 0;
            _pairNext = true;
            if (indexing || alone)
            {
                return Gram(units);
            }
        }

        _pairNext = false;
        var start = _position;
        _position = end;
        return second > 0 && Gram(start, units + second);
    }

    private bool Gram(int units) => Gram(_position, units);

    private bool Gram(int start, int units)
    {
        Word = Term = _text.Slice(start, units);
        IsGram = true;
        return true;
    }

    private bool MoveToWord()
    {
        var length = 0;
        while (_position < _text.Length)
        {
            var rune = RuneAt(_position, out var units);
            if (IsApostrophe(rune) && length > 0 && WordGoesOnAfterApostrophe(out var possessive))
            {
                _position += possessive ? 2 : 1;
                continue;
            }

            if (!IsWordPart(rune) || Scripts.IsUnspaced(rune))
            {
                break;
            }

            for (var unit = 0; unit < units && length < WordCharactersMax; unit++)
            {
                length += Folding.Fold(_text[_position + unit], _word[length..]);
            }

            _position += units;
        }

        Word = _word[..length];
        Term = _stem[..PluralStemmer.Stem(Word, _stem)];
        IsGram = false;
        return length > 0;
    }

    /// <summary>"women's" is "women", "o'brien" is "obrien".</summary>
    private readonly bool WordGoesOnAfterApostrophe(out bool possessive)
    {
        possessive = false;
        if (_position + 1 >= _text.Length || !IsWordPart(RuneAt(_position + 1, out _)))
        {
            return false;
        }

        possessive = _text[_position + 1] is 's' or 'S'
            && (_position + 2 >= _text.Length || !IsWordPart(RuneAt(_position + 2, out _)));
        return true;
    }

    /// <summary>Half of a surrogate pair reads as U+FFFD, which is no letter.</summary>
    private readonly Rune RuneAt(int position, out int units)
    {
        Rune.DecodeFromUtf16(_text[position..], out var rune, out units);
        return rune;
    }

    private static bool IsWordStart(Rune rune) => Rune.IsLetterOrDigit(rune);

    private static bool IsWordPart(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || (!rune.IsAscii && Scripts.IsMark(rune));

    private static bool IsApostrophe(Rune rune) => rune.Value is '\'' or '\u2019';
}
