using System.Text;
using CsvHelper;

namespace Reco.Workload.Purchases.Parsing;

/// <summary>The fields of one row (RFC 4180, a line end always ends it), as places in the block's bytes.</summary>
internal sealed class RowFields
{
    private byte[] _bytes = [];
    private Field[] _fields = new Field[16];
    private bool _hasStrayQuote;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>What is wrong with the quoting; null when nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>
    /// Whether a quote in the middle of an unquoted field comes before a <see cref="Fault"/>. How such a row is mended is the CSV
    /// library's own affair, so it is asked.
    /// </summary>
    public bool IsLibrarysAffair { get; private set; }

    /// <summary>The field as it stands, without its quotes.</summary>
    public ReadOnlySpan<byte> this[int field] => _bytes.AsSpan(_fields[field].Start, _fields[field].Length);

    /// <summary>Whether no field of the row is quoted or holds a quote; then <see cref="this[int]"/> is the field's text.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>The field's text, doubled quotes made single.</summary>
    public string Text(int field, Encoding encoding)
    {
        var text = encoding.GetString(this[field]);
        return _fields[field].HasDoubledQuotes ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text;
    }

    /// <summary>The row's fields as the CSV library reads them.</summary>
    public static string[] AskLibrary(ReadOnlySpan<byte> row, Encoding encoding)
    {
        using var reader = CsvReader.Create(
            row.ToArray(), new CsvReaderOptions { Separator = ',', HasHeader = false, AllowLineBreaksInQuotes = false, Encoding = encoding });
        return reader.Read() ? [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)] : [];
    }

    public void Split(byte[] bytes, int start, int length)
    {
        _bytes = bytes;
        Count = 0;
        Fault = null;
        IsLibrarysAffair = false;
        _hasStrayQuote = false;
        var row = bytes.AsSpan(start, length);
        IsPlain = !row.Contains((byte)'"');
        if (IsPlain)
        {
            SplitPlain(row, start);
        }
        else
        {
            SplitQuoted(row, start);
        }
    }

    private void SplitPlain(ReadOnlySpan<byte> row, int start)
    {
        for (int comma; (comma = row.IndexOf((byte)',')) >= 0; row = row[(comma + 1)..], start += comma + 1)
        {
            Add(new Field(start, comma, false));
        }

        Add(new Field(start, row.Length, false));
    }

    private void SplitQuoted(ReadOnlySpan<byte> row, int start)
    {
        var at = 0;
        while (true)
        {
            at = at < row.Length && row[at] == (byte)'"' ? AddQuoted(row, at, start) : AddUnquoted(row, at, start);
            if (at >= row.Length)
            {
                return;
            }

            // At a comma; one at the very end has an empty field behind it.
            at++;
            if (at == row.Length)
            {
                Add(new Field(start + at, 0, false));
                return;
            }
        }
    }

    private int AddUnquoted(ReadOnlySpan<byte> row, int at, int start)
    {
        var comma = row[at..].IndexOf((byte)',');
        var end = comma < 0 ? row.Length : at + comma;
        Add(new Field(start + at, end - at, false));
        _hasStrayQuote |= row[at..end].Contains((byte)'"');
        return end;
    }

    private int AddQuoted(ReadOnlySpan<byte> row, int at, int start)
    {
        var begin = at + 1;
        var hasDoubled = false;
        for (at = begin; ; at += 2, hasDoubled = true)
        {
            var quote = row[at..].IndexOf((byte)'"');
            if (quote < 0)
            {
                SetFault("a quote is never closed");
                Add(new Field(start + begin, row.Length - begin, hasDoubled));
                return row.Length;
            }

            at += quote;
            if (at + 1 >= row.Length || row[at + 1] != (byte)'"')
            {
                break;
            }
        }

        Add(new Field(start + begin, at - begin, hasDoubled));
        at++;
        if (at < row.Length && row[at] != (byte)',')
        {
            SetFault("there is text behind the closing quote of a field");
            var comma = row[at..].IndexOf((byte)',');
            return comma < 0 ? row.Length : at + comma;
        }

        return at;
    }

    private void SetFault(string fault)
    {
        IsLibrarysAffair |= Fault is null && _hasStrayQuote;
        Fault ??= fault;
    }

    private void Add(Field field)
    {
        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, Count * 2);
        }

        _fields[Count++] = field;
    }

    private readonly record struct Field(int Start, int Length, bool HasDoubledQuotes);
}
