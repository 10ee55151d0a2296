using System.Text;
using Reco.Adapters.Kafka;
using Reco.Workload.Purchases.Messages;
using Reco.Workload.Retail;

namespace Reco.Workload.Purchases.Parsing;

/// <summary>
/// Makes messages of a block of rows. A row as nearly all are (ASCII, no quotes, plain numbers) goes from bytes to bytes; any other takes
/// the detour over strings and <see cref="RetailRowParser"/>, so that what is unusual is judged in one place only. One parser a thread.
/// </summary>
internal sealed class BlockParser(RetailFile file, RetailColumns columns)
{
    private readonly RowFields _fields = new();
    private byte[] _dateRead = [];
    private byte[] _dateWritten = [];

    /// <summary>Parses the block's rows until so many messages are made.</summary>
    public void Parse(PurchaseBlock block, long messagesMax)
    {
        block.Clear();
        var text = block.Text;
        var row = text.FirstRow;
        var line = text.FirstLine;
        for (var at = 0; at < text.Length && block.Batch.Count < messagesMax; line++)
        {
            var end = text.Bytes.AsSpan(at, text.Length - at).IndexOf((byte)'\n');
            var next = end < 0 ? text.Length : at + end + 1;
            var length = RowCutter.WithoutCarriageReturn(text.Bytes.AsSpan(at, end < 0 ? next - at : end)).Length;
            if (length > 0)
            {
                _fields.Split(text.Bytes, at, length);
                ParseRow(block, row, line, text.Bytes.AsSpan(at, length));
                row++;
            }

            at = next;
        }

        block.Batch.Bytes = block.Writer.Buffer;
    }

    private void ParseRow(PurchaseBlock block, long row, long line, ReadOnlySpan<byte> bytes)
    {
        block.Writer.Reserve(bytes.Length);
        if (!(_fields.IsPlain && _fields.Count == columns.Count && TryPlain(block, row)))
        {
            Detour(block, row, line, bytes);
        }
    }

    private bool TryPlain(PurchaseBlock block, long row)
    {
        if (!PlainRow.TryRead(_fields, columns, out var plain) || !TryReadDate(plain.Date, out var date))
        {
            return false;
        }

        var refusal = PurchaseRules.Judge(plain.IsReturn, plain.Quantity, plain.UnscaledPrice > 0);
        if (refusal != PurchaseRefusal.None)
        {
            block.Tally.Refuse(refusal);
            return true;
        }

        var writer = block.Writer;
        var message = new MessageParts { KeyStart = writer.Length };
        writer.Raw(plain.CustomerId.IsEmpty ? plain.InvoiceNo : plain.CustomerId);
        message.ValueStart = writer.Length;
        writer.EventId(row);
        writer.Raw("\",\"invoice_no\":\""u8);
        writer.Raw(plain.InvoiceNo);
        writer.Raw("\",\"stock_code\":\""u8);
        message.CodeStart = writer.Length;
        writer.Raw(plain.StockCode);
        message.CodeEnd = writer.Length;
        writer.Raw("\",\"description\":\""u8);
        message.DescriptionStart = writer.Length;
        writer.Raw(plain.Description);
        FillDescription(block, ref message);
        writer.Raw("\",\"quantity\":"u8);
        writer.Number(plain.Quantity);
        writer.Raw(",\"unit_price\":"u8);
        writer.Fixed(plain.UnscaledPrice, plain.Decimals);
        writer.Raw(",\"invoice_date\":\""u8);
        writer.Raw(date);
        writer.Raw(plain.CustomerId.IsEmpty ? "\",\"customer_id\":null,\"country\":\""u8 : "\",\"customer_id\":\""u8);
        if (!plain.CustomerId.IsEmpty)
        {
            writer.Raw(plain.CustomerId);
            writer.Raw("\",\"country\":\""u8);
        }

        writer.Raw(plain.Country);
        writer.Raw(plain.IsReturn ? "\",\"is_return\":true,\"line_total\":"u8 : "\",\"is_return\":false,\"line_total\":"u8);
        writer.Fixed(plain.UnscaledPrice * plain.Quantity, plain.Decimals);
        writer.Raw("}"u8);
        Finish(block, message, plain.IsReturn, !plain.CustomerId.IsEmpty);
        return true;
    }

    private void Detour(PurchaseBlock block, long row, long line, ReadOnlySpan<byte> bytes)
    {
        var mended = _fields.IsLibrarysAffair ? RowFields.AskLibrary(bytes, file.Encoding) : null;
        var count = mended?.Length ?? _fields.Count;
        var fault = mended is null ? _fields.Fault : null;
        fault ??= count != columns.Count ? $"has {count} fields, the header {columns.Count}" : null;
        if (fault is not null
            || !RetailRowParser.TryParse(
                field => mended is null ? _fields.Text(field, file.Encoding) : mended[field], columns, out var value, out fault))
        {
            block.Tally.RefuseBadRow(line, fault);
            return;
        }

        if (PurchaseRules.Judge(value) is var refusal and not PurchaseRefusal.None)
        {
            block.Tally.Refuse(refusal);
            return;
        }

        Write(block, row, PurchaseRules.ToPurchase(file, row, value, value.Description), PurchaseWriter.DateText(value.InvoiceDateMs));
    }

    private static void Write(PurchaseBlock block, long row, Purchase purchase, byte[] date)
    {
        var writer = block.Writer;
        var message = new MessageParts { KeyStart = writer.Length };
        writer.Raw(Encoding.UTF8.GetBytes(purchase.Key));
        message.ValueStart = writer.Length;
        writer.EventId(row);
        writer.Raw("\",\"invoice_no\":\""u8);
        writer.Escaped(purchase.InvoiceNo);
        writer.Raw("\",\"stock_code\":\""u8);
        message.CodeStart = writer.Length;
        writer.Escaped(purchase.StockCode);
        message.CodeEnd = writer.Length;
        writer.Raw("\",\"description\":\""u8);
        message.DescriptionStart = writer.Length;
        writer.Escaped(purchase.Description);
        FillDescription(block, ref message);
        writer.Raw("\",\"quantity\":"u8);
        writer.Number(purchase.Quantity);
        writer.Raw(",\"unit_price\":"u8);
        writer.Number(purchase.UnitPrice);
        writer.Raw(",\"invoice_date\":\""u8);
        writer.Raw(date);
        writer.Raw(purchase.CustomerId is null ? "\",\"customer_id\":null,\"country\":\""u8 : "\",\"customer_id\":\""u8);
        if (purchase.CustomerId is not null)
        {
            writer.Escaped(purchase.CustomerId);
            writer.Raw("\",\"country\":\""u8);
        }

        writer.Escaped(purchase.Country);
        writer.Raw(purchase.IsReturn ? "\",\"is_return\":true,\"line_total\":"u8 : "\",\"is_return\":false,\"line_total\":"u8);
        writer.Number(purchase.LineTotal);
        writer.Raw("}"u8);
        Finish(block, message, purchase.IsReturn, purchase.CustomerId is not null);
    }

    /// <summary>A description that was just written is remembered; where none was, the block's last one is written.</summary>
    private static void FillDescription(PurchaseBlock block, ref MessageParts message)
    {
        var writer = block.Writer;
        var code = message.CodeStart..message.CodeEnd;
        if (writer.Length > message.DescriptionStart)
        {
            block.Descriptions.Set(writer.Buffer, code, message.DescriptionStart..writer.Length);
        }
        else if (block.Descriptions.TryGet(writer.Buffer, writer.Buffer.AsSpan(code), out var known))
        {
            // Known text is escaped already. Reserve counted this row's own texts only.
            writer.Reserve(known.Length);
            writer.Raw(known);
            block.Tally.CountMissingDescription(isFilled: true);
        }
        else
        {
            block.Missing.Add(new MissingDescription(
                block.Batch.Count, message.CodeStart, message.CodeEnd - message.CodeStart, message.DescriptionStart));
        }
    }

    private static void Finish(PurchaseBlock block, MessageParts message, bool isReturn, bool hasCustomer)
    {
        var bytes = block.Writer.Buffer;
        var key = bytes.AsSpan(message.KeyStart, message.ValueStart - message.KeyStart);
        var value = bytes.AsSpan(message.ValueStart, block.Writer.Length - message.ValueStart);
        block.Tally.Keep(isReturn, hasCustomer);
        block.Add(new BatchMessage(message.KeyStart, key.Length, message.ValueStart, value.Length, ContentHash.Of(key, value)));
    }

    /// <summary>Lines of an invoice share their date, so most rows compare bytes instead of reading a date.</summary>
    private bool TryReadDate(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> json)
    {
        if (!text.SequenceEqual(_dateRead))
        {
            if (!RetailRowParser.TryParseDate(Encoding.ASCII.GetString(text), out var atMs))
            {
                json = default;
                return false;
            }

            _dateRead = text.ToArray();
            _dateWritten = PurchaseWriter.DateText(atMs);
        }

        json = _dateWritten;
        return !json.IsEmpty;
    }

    private struct MessageParts
    {
        public int KeyStart;
        public int ValueStart;
        public int CodeStart;
        public int CodeEnd;
        public int DescriptionStart;
    }
}
