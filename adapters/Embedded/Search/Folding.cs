namespace Reco.Adapters.Embedded.Search;

/// <summary>
/// Lower case without accents: "Ångström" is "angstrom". A table of our own, since string.Normalize changes nothing beyond ASCII under
/// InvariantGlobalization. Made from the canonical decompositions of Unicode 15 and the letters that have none (ø, ł, đ, ...).
/// </summary>
internal static class Folding
{
    /// <summary>Most characters that one becomes.</summary>
    public const int ExpansionMax = 2;

    private const char FullWidthFirst = '\uFF01';
    private const char FullWidthLast = '\uFF5E';
    private const int FullWidthShift = 0xFEE0;
    private const char AngstromSign = '\u212B';
    private const char KelvinSign = '\u212A';

    // Latin-1, Latin Extended-A and -B, U+00C0 to U+024F, 64 a line; · is not a letter.
    private const string Latin =
        "aaaaaaæceeeeiiiidnooooo·ouuuuyþßaaaaaaæceeeeiiiidnooooo·ouuuuyþy"
        + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiĳĳjjkkkllllllŀ"
        + "ŀllnnnnnnŉnnooooooœœrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
        + "ƀbƃƃƅƅɔƈƈɖɗƌƌƍǝəɛffɠɣƕɩɨƙƙƚƛɯɲƞɵooƣƣƥƥʀƨƨʃƪƫƭƭʈuuʊʋƴƴƶƶʒƹƹƺƻƽƽƾƿ"
        + "ǀǁǂǃǆǆǆǉǉǉǌǌǌaaiioouuuuuuuuuuǝaaaaææǥǥggkkooooʒʒjǳǳǳggƕƿnnaaææoo"
        + "aaaaeeeeiiiioooorrrruuuussttȝȝhhƞȡȣȣȥȥaaeeooooooooyyȴȵȶȷȸȹⱥȼȼƚⱦȿ"
        + "ɀɂɂƀʉʌɇɇɉɉɋɋɍɍɏɏ";

    // Greek, U+0370 to U+03FF, 64 a line; · is not a letter.
    private const string Greek =
        "ͱͱͳͳʹ·ͷͷ··ͺͻͼͽ·ϳ······α·εηι·ο·υωιαβγδεζηθικλμνξοπρ·στυφχψωιυαεηι"
        + "υαβγδεζηθικλμνξοπρσστυφχψωιυουωϗϐϑϒϒϒϕϖϗϙϙϛϛϝϝϟϟϡϡϣϣϥϥϧϧϩϩϫϫϭϭϯϯ"
        + "ϰϱϲϳθϵ·ϸϸϲϻϻϼͻͼͽ";

    // Cyrillic, U+0400 to U+045F, 64 a line; · is not a letter.
    private const string Cyrillic =
        "ееђгєѕііјљњћкиуџабвгдежзииклмнопрстуфхцчшщъыьэюяабвгдежзииклмноп"
        + "рстуфхцчшщъыьэюяееђгєѕііјљњћкиуџ";

    // Latin Extended Additional, U+1E00 to U+1EFF, 64 a line; · is not a letter.
    private const string Vietnamese =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
        + "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
        + "wwwwwwwwwwxxxxyyzzzzzzhtwyẚsẜẝßẟaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
        + "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻỻỽỽỿỿ";

    /// <summary>Writes what the character becomes; 0 when it goes (a combining accent), 1 or 2 otherwise.</summary>
    public static int Fold(char letter, Span<char> destination)
    {
        if (letter < 0x80)
        {
            destination[0] = char.ToLowerInvariant(letter);
            return 1;
        }

        if (Ligature(letter) is { } two)
        {
            two.CopyTo(destination);
            return two.Length;
        }

        if (letter is >= '\u0300' and <= '\u036F')
        {
            return 0;
        }

        if (letter is AngstromSign or KelvinSign)
        {
            return Fold(char.ToLowerInvariant(letter), destination);
        }

        destination[0] = letter switch
        {
            >= '\u00C0' and < '\u0250' => Latin[letter - 0xC0],
            >= '\u0370' and < '\u0400' => Greek[letter - 0x370],
            >= '\u0400' and < '\u0460' => Cyrillic[letter - 0x400],
            >= '\u1E00' and < '\u1F00' => Vietnamese[letter - 0x1E00],
            >= FullWidthFirst and <= FullWidthLast => char.ToLowerInvariant((char)(letter - FullWidthShift)),
            _ => char.ToLowerInvariant(letter),
        };
        return 1;
    }

    private static string? Ligature(char letter) => letter switch
    {
        'ß' or 'ẞ' => "ss",
        'æ' or 'Æ' or 'ǽ' or 'Ǽ' or 'ǣ' or 'Ǣ' => "ae",
        'œ' or 'Œ' => "oe",
        'þ' or 'Þ' => "th",
        'ĳ' or 'Ĳ' => "ij",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        _ => null,
    };
}
