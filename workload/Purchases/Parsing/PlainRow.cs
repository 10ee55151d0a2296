using System.Buffers;
using Reco.GrainInterfaces;
using Reco.Workload.Retail;

namespace Reco.Workload.Purchases.Parsing;

/// <summary>The values of a row that needs no escaping, decoding or rounding. Whatever does is not plain, and read elsewhere.</summary>
internal readonly ref struct PlainRow
{
    /// <summary>Digits of a price; times the largest quantity they fit 64 bits.</summary>
    private const int PriceDigitsMax = 12;

    /// <summary>Decimals of a price; <see cref="PurchaseWriter.Fixed"/> knows as many.</summary>
    private const int DecimalsMax = 6;

    /// <summary>Printable ASCII that JSON takes as it is.</summary>
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x7F - 0x20).Select(b => (byte)b).Where(b => b is not ((byte)'"' or (byte)'\\'))]);

    public ReadOnlySpan<byte> InvoiceNo { get; private init; }

    public ReadOnlySpan<byte> StockCode { get; private init; }

    public ReadOnlySpan<byte> Description { get; private init; }

    public ReadOnlySpan<byte> Date { get; private init; }

    public ReadOnlySpan<byte> CustomerId { get; private init; }

    public ReadOnlySpan<byte> Country { get; private init; }

    public int Quantity { get; private init; }

    /// <summary>The price times ten to the power of <see cref="Decimals"/>.</summary>
    public long UnscaledPrice { get; private init; }

    public int Decimals { get; private init; }

    public bool IsReturn => InvoiceNo[0] is (byte)'C' or (byte)'c';

    public static bool TryRead(RowFields fields, RetailColumns columns, out PlainRow row)
    {
        row = default;
        var invoice = Trim(fields[columns.InvoiceNo]);
        var code = Trim(fields[columns.StockCode]);
        var description = Trim(fields[columns.Description]);
        var customer = WithoutPointZero(Trim(fields[columns.CustomerId]));
        var country = Trim(fields[columns.Country]);
        if (invoice.Length is 0 or > EventRules.IdCharactersMax
            || code.Length is 0 or > EventRules.IdCharactersMax
            || customer.Length > EventRules.IdCharactersMax
            || !IsPlain(invoice) || !IsPlain(code) || !IsPlain(description) || !IsPlain(customer) || !IsPlain(country)
            || !TryReadQuantity(fields[columns.Quantity], out var quantity)
            || !TryReadPrice(fields[columns.UnitPrice], out var price, out var decimals))
        {
            return false;
        }

        row = new PlainRow
        {
            InvoiceNo = invoice,
            StockCode = code,
            Description = description,
            Date = Trim(fields[columns.InvoiceDate]),
            CustomerId = customer,
            Country = country,
            Quantity = quantity,
            UnscaledPrice = price,
            Decimals = decimals,
        };
        return true;
    }

    private static bool IsPlain(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(Plain);

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim((byte)' ');

    private static ReadOnlySpan<byte> WithoutPointZero(ReadOnlySpan<byte> text) => text.EndsWith(".0"u8) ? text[..^2] : text;

    /// <summary>Digits, with a minus or without; up to the largest quantity, so that what is above it is refused with words elsewhere.</summary>
    private static bool TryReadQuantity(ReadOnlySpan<byte> text, out int quantity)
    {
        var isNegative = text is [(byte)'-', ..];
        var isRead = TryReadDigits(isNegative ? text[1..] : text, out var value) && value <= EventRules.QuantityMax;
        quantity = (int)(isNegative ? -value : value);
        return isRead;
    }

    /// <summary>Digits, and behind a point some more.</summary>
    private static bool TryReadPrice(ReadOnlySpan<byte> text, out long unscaled, out int decimals)
    {
        var point = text.IndexOf((byte)'.');
        if (point < 0)
        {
            decimals = 0;
            return TryReadDigits(text, out unscaled) && unscaled <= EventRules.UnitPriceMax;
        }

        unscaled = 0;
        decimals = text.Length - point - 1;
        if (decimals > DecimalsMax || text.Length > PriceDigitsMax
            || !TryReadDigits(text[..point], out var whole) || !TryReadDigits(text[(point + 1)..], out var fraction))
        {
            return false;
        }

        unscaled = whole;
        for (var i = 0; i < decimals; i++)
        {
            unscaled *= 10;
        }

        unscaled += fraction;
        return whole < EventRules.UnitPriceMax;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        foreach (var unit in text)
        {
            if (unit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (unit - '0');
        }

        return text.Length is > 0 and <= PriceDigitsMax;
    }
}
