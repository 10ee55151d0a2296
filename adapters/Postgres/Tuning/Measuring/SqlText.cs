using System.Globalization;

namespace Reco.Adapters.Postgres.Tuning.Measuring;

/// <summary>Values as literals, so that the statements of an answer can be pasted into psql.</summary>
internal static class SqlText
{
    public static string Literal(string text) =>
        // E'' when there is a backslash: its meaning in '' depends on standard_conforming_strings.
        (text.Contains('\\') ? " E'" : "'") + text.Replace(@"\", @"\\").Replace("'", "''") + "'";

    public static string Timestamp(DateTime utc) =>
        string.Create(CultureInfo.InvariantCulture, $"timestamptz '{utc:yyyy-MM-dd HH:mm:ss.ffffff}+00'");

    public static string Date(DateTime utc) => string.Create(CultureInfo.InvariantCulture, $"date '{utc:yyyy-MM-dd}'");
}
