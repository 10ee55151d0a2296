using System.Text;
using Reco.Workload.Retail;
using Reco.Workload.Tests.Support;

namespace Reco.Workload.Tests.Retail;

public sealed class RetailReaderTests : IDisposable
{
    private const string Clean = "536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom";
    private static readonly long CleanMs = new DateTimeOffset(2010, 12, 1, 8, 26, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_CleanRow_IsReadExactly()
    {
        var record = Assert.Single(Read(RetailCsv.Header, Clean));

        Assert.Equal(
            new RetailRow("536365", "85123A", "WHITE HANGING HEART", 6, CleanMs, 2.55m, "17850", "United Kingdom"), record.Value);
        Assert.Equal((1L, 2L, RetailSkip.None), (record.Row, record.Line, record.Skip));
    }

    [Theory]
    [InlineData("536365,85123A,X,6,2010-12-01 08:26:00,2.55,,UK", RetailSkip.NoCustomer)]
    [InlineData("C536365,85123A,X,-6,2010-12-01 08:26:00,2.55,17850.0,UK", RetailSkip.Cancelled)]
    [InlineData("536365,85123A,X,-6,2010-12-01 08:26:00,2.55,17850.0,UK", RetailSkip.NonPositiveQuantity)]
    [InlineData("536365,85123A,X,0,2010-12-01 08:26:00,2.55,17850.0,UK", RetailSkip.NonPositiveQuantity)]
    [InlineData("536365,85123A,X,6,2010-12-01 08:26:00,0,17850.0,UK", RetailSkip.NonPositivePrice)]
    [InlineData("A536365,B,Adjust bad debt,1,2010-12-01 08:26:00,-11062.06,17850,UK", RetailSkip.NonPositivePrice)]
    [InlineData("C536365,85123A,X,-6,2010-12-01 08:26:00,-1,,UK", RetailSkip.NoCustomer)]
    public void Read_RowThatIsNoPurchase_SaysTheFirstReason(string row, RetailSkip reason) =>
        Assert.Equal(reason, Assert.Single(Read(RetailCsv.Header, row)).Skip);

    [Theory]
    [InlineData("536365,85123A,X,six,2010-12-01 08:26:00,2.55,17850.0,UK", "Quantity 'six'")]
    [InlineData("536365,85123A,X,6,2010-13-01 08:26:00,2.55,17850.0,UK", "InvoiceDate '2010-13-01 08:26:00'")]
    [InlineData("536365,85123A,X,6,1950-12-01 08:26:00,2.55,17850.0,UK", "before 1970")]
    [InlineData("536365,85123A,X,6,2010-12-01 08:26:00,cheap,17850.0,UK", "UnitPrice 'cheap'")]
    [InlineData("536365,85123A,X,6,2010-12-01 08:26:00,1e3,17850.0,UK", "UnitPrice '1e3'")]
    [InlineData("536365,,X,6,2010-12-01 08:26:00,2.55,17850.0,UK", "StockCode")]
    [InlineData("536365,85123A,X,6,2010-12-01 08:26:00,2.55,17850.0", "7 fields")]
    [InlineData("536365,85123A,X,6,2010-12-01 08:26:00,2.55,17850.0,UK,more", "9 fields")]
    [InlineData("536365,85123A,X,2000000,2010-12-01 08:26:00,2.55,17850.0,UK", "above 1000000")]
    [InlineData("536365,85123A,X,6,2010-12-01 08:26:00,2000000,17850.0,UK", "above 1000000")]
    [InlineData("536365,85123A,\"X,6,2010-12-01 08:26:00,2.55,17850.0,UK", "never closed")]
    [InlineData("536365,85123A,\"X\"Y,6,2010-12-01 08:26:00,2.55,17850.0,UK", "closing quote")]
    public void Read_BadRow_SaysLineAndFaultAndGoesOn(string row, string fault)
    {
        var records = Read(RetailCsv.Header, Clean, row, row, Clean);

        Assert.Equal([RetailSkip.None, RetailSkip.BadRow, RetailSkip.BadRow, RetailSkip.None], records.Select(r => r.Skip));
        Assert.Equal([2L, 3, 4, 5], records.Select(r => r.Line));
        Assert.Contains(fault, records[1].Detail, StringComparison.Ordinal);
        Assert.Contains(fault, records[2].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_QuotedFieldsAndStrayInchSign_KeepTheirText()
    {
        var records = Read(
            RetailCsv.Header,
            "536365,85123A,\"RED, \"\"BIG\"\" CUP\",6,2010-12-01 08:26:00,2.55,17850.0,UK",
            "536365,85123A,CAKE STAND 6\" WHITE,6,2010-12-01 08:26:00,2.55,17850.0,UK");

        Assert.Equal(["RED, \"BIG\" CUP", "CAKE STAND 6\" WHITE"], records.Select(r => r.Value!.Description));
    }

    [Theory]
    [InlineData("12/1/2010 8:26")]
    [InlineData("12/01/2010 08:26")]
    [InlineData("12/1/2010 8:26:00")]
    [InlineData("2010-12-01 08:26")]
    [InlineData("2010-12-01T08:26:00")]
    public void Read_OtherDateForms_AreTheSameInstant(string date) =>
        Assert.Equal(CleanMs, Assert.Single(Read(RetailCsv.Header, $"536365,85123A,X,6,{date},2.55,17850,UK")).Value!.InvoiceDateMs);

    [Fact]
    public void Read_ColumnsInAnotherOrderWithOneMore_AreFoundByName()
    {
        var record = Assert.Single(Read(
            "Country,customerid,UnitPrice,Extra,InvoiceDate,Quantity,Description,StockCode,Invoice No",
            "United Kingdom,17850,2.55,?,2010-12-01 08:26:00,6,WHITE HANGING HEART,85123A,536365"));

        Assert.Equal(
            new RetailRow("536365", "85123A", "WHITE HANGING HEART", 6, CleanMs, 2.55m, "17850", "United Kingdom"), record.Value);
    }

    [Theory]
    [InlineData("StockCode")]
    [InlineData("CustomerID")]
    [InlineData("UnitPrice")]
    public void Read_MissingColumn_IsRefusedByItsName(string column)
    {
        var fault = Assert.Throws<RetailFormatException>(() => Read(RetailCsv.Header.Replace(column, "Other", StringComparison.Ordinal), Clean));

        Assert.Contains($"no column {column}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ColumnTwice_IsRefused() =>
        Assert.Contains(
            "2 times", Assert.Throws<RetailFormatException>(() => Read(RetailCsv.Header + ",quantity", Clean + ",1")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_Latin1File_IsDetectedAndDecoded()
    {
        var text = $"{RetailCsv.Header}\n{Clean.Replace("HEART", "CAFÉ £1", StringComparison.Ordinal)}\n";
        var latin1 = RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "latin1.csv", Encoding.Latin1.GetBytes(text)));
        var utf8 = RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "utf8.csv", Encoding.UTF8.GetBytes(text)));

        Assert.Equal(Encoding.Latin1, latin1.Encoding);
        Assert.Equal(Encoding.UTF8, utf8.Encoding);
        Assert.Equal("WHITE HANGING CAFÉ £1", RetailReader.Read(latin1).Single().Value!.Description);
        Assert.Equal("WHITE HANGING CAFÉ £1", RetailReader.Read(utf8).Single().Value!.Description);
    }

    [Fact]
    public void Read_ByteOrderMarkAndWindowsLineEnds_AreNoPartOfTheText()
    {
        var text = $"\uFEFF{RetailCsv.Header}\r\n{Clean}\r\n\r\n{Clean}\r\n";
        var file = RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "bom.csv", Encoding.UTF8.GetBytes(text)));
        var records = RetailReader.Read(file).ToArray();

        Assert.Equal(["United Kingdom", "United Kingdom"], records.Select(r => r.Value!.Country));
        Assert.Equal([2L, 4], records.Select(r => r.Line));
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("0.001")]
    [InlineData("8142.75")]
    [InlineData("123456.789012345678")]
    public void Read_Prices_StayExact(string price) =>
        Assert.Equal(
            decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture),
            Assert.Single(Read(RetailCsv.Header, $"1,2,X,1,2010-12-01 08:26:00,{price},3,UK")).Value!.UnitPrice);

    private RetailRecord[] Read(params string[] lines) =>
        [.. RetailReader.Read(RetailCsv.Inspect(RetailCsv.Write(_folder, "file.csv", lines)))];
}
