using CsvHelper;

namespace Reco.Workload.Retail;

/// <summary>
/// Reads the rows of a retail file one by one, in file order. A row that cannot be read is answered as <see cref="RetailSkip.BadRow"/>
/// with its line; it never stops the reading.
/// </summary>
public static class RetailReader
{
    /// <summary>No purchase line comes near it; it keeps a file without line breaks out of memory.</summary>
    private const int RowBytesMax = 1024 * 1024;

    /// <summary>The rows.</summary>
    /// <exception cref="RetailFormatException">A column is missing, or a line is longer than 1 MiB.</exception>
    public static IEnumerable<RetailRecord> Read(RetailFile file)
    {
        CsvMalformedRecord? malformed = null;
        var options = new CsvReaderOptions
        {
            Separator = ',',
            // A description has no line break, so a quote that is never closed costs its own row and not the rest of the file.
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = record => malformed = record,
            TrackLineNumbers = true,
            Encoding = file.Encoding,
            MaxRecordSize = RowBytesMax,
            PoolStrings = true,
        };
        using var reader = CsvReader.Create(file.OpenContent(), options, leaveOpen: false);
        var columns = RetailColumns.Find(file.Path, ReadHeader(reader, file.Path));
        Func<int, string> field = reader.GetString;
        for (var row = 1L; ReadNext(reader, file.Path); row++)
        {
            yield return Record(reader, columns, field, row, malformed);
            malformed = null;
        }
    }

    private static RetailRecord Record(CsvReader reader, RetailColumns columns, Func<int, string> field, long row, CsvMalformedRecord? malformed)
    {
        var fault = QuotingFault(malformed)
            ?? (reader.FieldCount != columns.Count ? $"has {reader.FieldCount} fields, the header {columns.Count}" : null);
        return fault is null && RetailRowParser.TryParse(field, columns, out var value, out fault)
            ? new RetailRecord(row, reader.LineNumber, RetailRowParser.Classify(value), value, null)
            : new RetailRecord(row, reader.LineNumber, RetailSkip.BadRow, null, fault);
    }

    /// <summary>A quote in the middle of an unquoted field is an inch sign, and kept.</summary>
    private static string? QuotingFault(CsvMalformedRecord? malformed) => malformed?.Reason switch
    {
        null or CsvMalformedReason.StrayQuote => null,
        CsvMalformedReason.TextAfterClosingQuote => "there is text behind the closing quote of a field",
        _ => "a quote is never closed",
    };

    private static IReadOnlyList<string> ReadHeader(CsvReader reader, string path) => Guard(path, () => reader.Headers.ToArray());

    private static bool ReadNext(CsvReader reader, string path) => Guard(path, reader.Read);

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException fault)
        {
            throw new RetailFormatException($"{path} is no CSV file of purchases: {fault.Message}", fault);
        }
    }
}
