using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Reco.Adapters.Postgres.Tuning.UserSql;

/// <summary>
/// What PostgreSQL's own parser made of a statement: the text of its query tree (debug_print_parse), in which every function, operator and
/// table is a number, however it was written. Text of the statement in it is escaped, so it can add a match, never take one away.
/// </summary>
internal sealed partial class ParseTree
{
    private const int Select = 1;
    private const string Begin = "{QUERY";

    private ParseTree(string text, string statement)
    {
        Functions = [.. FunctionId().Matches(text).Select(match => uint.Parse(match.ValueSpan[(match.Value.IndexOf(' ') + 1)..], CultureInfo.InvariantCulture)).Where(oid => oid != 0).Distinct()];
        Relations = [.. RelationId().Matches(text).Select(match => uint.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).Where(oid => oid != 0).Distinct()];
        IsSelect = CommandType().Matches(text) is { Count: > 0 } commands
            && commands.All(command => int.Parse(command.Groups[1].ValueSpan, CultureInfo.InvariantCulture) == Select);
        HasParameters = text.Contains("{PARAM :paramkind 0", StringComparison.Ordinal);
        LocksRows = text.Contains(":hasForUpdate true", StringComparison.Ordinal);
        Statement = Cut(text, statement);
    }

    /// <summary>Ids (pg_proc) of the functions, aggregates and operators' functions that it calls.</summary>
    public IReadOnlyList<uint> Functions { get; }

    /// <summary>Ids (pg_class) of the tables and views that it names.</summary>
    public IReadOnlyList<uint> Relations { get; }

    /// <summary>Whether it and every query inside it, WITH included, is a SELECT.</summary>
    public bool IsSelect { get; }

    /// <summary>SELECT ... FOR UPDATE or FOR SHARE.</summary>
    public bool LocksRows { get; }

    /// <summary>$1 and its like, for which nobody gives a value.</summary>
    public bool HasParameters { get; }

    /// <summary>The statement without what follows its semicolon: it can be put inside another.</summary>
    public string Statement { get; }

    /// <summary>Null when this is no query tree.</summary>
    public static ParseTree? Read(string? text, string statement) =>
        text?.TrimStart().StartsWith(Begin, StringComparison.Ordinal) == true ? new ParseTree(Unfolded(text), statement) : null;

    /// <summary>The printer breaks lines at blanks; what we look for must not be broken.</summary>
    private static string Unfolded(string text) => WhiteSpace().Replace(text, " ");

    /// <summary>By the place and length, in bytes, that the parser notes at the end of the outermost query; length 0 is all the rest.</summary>
    private static string Cut(string text, string statement)
    {
        var last = Place().Matches(text)[^1];
        var (start, length) = (
            int.Parse(last.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(last.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        var bytes = Encoding.UTF8.GetBytes(statement).AsSpan(start);
        return Encoding.UTF8.GetString(length == 0 ? bytes : bytes[..length]);
    }

    [GeneratedRegex(@":(?:\w*funcid|aggfnoid|winfnoid) (\d+)")]
    private static partial Regex FunctionId();

    [GeneratedRegex(@":relid (\d+)")]
    private static partial Regex RelationId();

    [GeneratedRegex(@":commandType (\d+)")]
    private static partial Regex CommandType();

    [GeneratedRegex(@":stmt_location (\d+) :stmt_len (\d+)")]
    private static partial Regex Place();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
