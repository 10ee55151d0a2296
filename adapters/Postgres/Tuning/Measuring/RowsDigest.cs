using System.Globalization;
using Npgsql;

namespace Reco.Adapters.Postgres.Tuning.Measuring;

/// <summary>How many rows, how much text they have, and a hash over all of them; equal digests mean equal rows.</summary>
internal sealed record RowsDigest(long Rows, long Bytes, string Hash)
{
    /// <summary>
    /// The statement that digests the rows of another on the server. Hashes of rows are added up, so their order does not matter, unless
    /// <paramref name="ordered"/>: then the position of a row goes into its hash.
    /// </summary>
    public static string Sql(string query, bool ordered, long? rowsMax = null)
    {
        var limit = rowsMax is { } max ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {max + 1}") : "";
        var seed = ordered ? "n" : "0";
        var position = ordered ? ", row_number() OVER () AS n" : "";
        return $"""
            SELECT count(*), coalesce(sum(octet_length(r)), 0)::bigint, coalesce(sum(hashtextextended(r, {seed})::numeric), 0)::text
            FROM (SELECT q::text AS r{position} FROM (
            {query}
            ) AS q{limit}) AS digested
            """;
    }

    public static async Task<RowsDigest> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        return new RowsDigest(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2));
    }
}
