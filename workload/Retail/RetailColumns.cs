namespace Reco.Workload.Retail;

/// <summary>Where each column stands, found by the names in the header, in any order and case.</summary>
internal sealed record RetailColumns(
    int InvoiceNo, int StockCode, int Description, int Quantity, int InvoiceDate, int UnitPrice, int CustomerId, int Country, int Count)
{
    /// <exception cref="RetailFormatException">A column is missing or there twice.</exception>
    public static RetailColumns Find(string path, IReadOnlyList<string> header)
    {
        var names = header.Select(name => name.Trim().TrimStart('\uFEFF')).ToArray();
        return new RetailColumns(
            Place("InvoiceNo"),
            Place("StockCode"),
            Place("Description"),
            Place("Quantity"),
            Place("InvoiceDate"),
            Place("UnitPrice"),
            Place("CustomerID"),
            Place("Country"),
            names.Length);

        int Place(string column)
        {
            var places = Enumerable.Range(0, names.Length)
                .Where(i => string.Equals(names[i].Replace(" ", "", StringComparison.Ordinal), column, StringComparison.OrdinalIgnoreCase))
                .ToArray();
            return places.Length switch
            {
                1 => places[0],
                0 => throw new RetailFormatException($"{path} has no column {column}; its header is: {string.Join(", ", names)}."),
                _ => throw new RetailFormatException($"{path} has the column {column} {places.Length} times; leave one."),
            };
        }
    }
}
