using System.Text;
using Reco.Workload.Purchases.Messages;
using Reco.Workload.Purchases.Parsing;
using Reco.Workload.Tests.Support;

namespace Reco.Workload.Tests.Purchases;

public sealed class PurchaseRuleTests : IDisposable
{
    private static readonly Purchase Valid = new(
        "retail-0-1", "1", "A", "HEART", 6, 2.55m, new DateTime(2010, 12, 1, 8, 26, 0, DateTimeKind.Utc), "17850", "UK", false, 15.30m);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_TheWholeRealFile_CountsEveryReason()
    {
        var path = PurchaseFiles.FindOnlineRetail();
        Assert.SkipWhen(path is null, "shared/data/online-retail.csv.gz is not beside the repository");
        var source = new BlockPurchaseSource(RetailCsv.Inspect(path!), workers: 2);

        var messages = await PurchaseFiles.ReadAll(source);

        // 1,336 stock corrections; 1,336 of the 2,517 lines without a price are among them and count there, the other 1,181 by their price.
        Assert.Equal(541_909, source.Tally.Rows);
        Assert.Equal(539_392, source.Tally.Kept);
        Assert.Equal(539_392, messages.Count);
        Assert.Equal(0, source.Tally.Refused(PurchaseRefusal.BadRow));
        Assert.Equal(1_336, source.Tally.Refused(PurchaseRefusal.NonPositiveQuantity));
        Assert.Equal(1_181, source.Tally.Refused(PurchaseRefusal.NonPositivePrice));
        Assert.Equal(9_288, source.Tally.Returns);
        Assert.Equal(132_603, source.Tally.WithoutCustomer);
        // All 1,454 lines without a description have no price either.
        Assert.Equal((0L, 0L), (source.Tally.DescriptionsFilled, source.Tally.DescriptionsEmpty));
    }

    [Fact]
    public async Task Read_OneRowOfEachKind_FollowsTheRules()
    {
        string[] lines =
        [
            RetailCsv.Header,
            "1,A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
            "2,A,HEART,6,12/1/2010 8:26,2.55,,EIRE",
            "C3,A,HEART,-6,2010-12-01 08:26:00,2.55,17850.0,France",
            "4,A,HEART,-6,2010-12-01 08:26:00,2.55,17850.0,France",
            "5,A,HEART,0,2010-12-01 08:26:00,2.55,17850.0,France",
            "6,A,HEART,6,2010-12-01 08:26:00,0,17850.0,France",
            "C7,A,HEART,-6,2010-12-01 08:26:00,-1,17850.0,France",
            "8,A,,1,2010-12-01 08:26:00,1.10,17850.0,France",
            "9,B,,1,2010-12-01 08:26:00,1,17850.0,France",
            "10,A,HEART,six,2010-12-01 08:26:00,1,17850.0,France",
        ];
        var source = new BlockPurchaseSource(RetailCsv.Inspect(RetailCsv.Write(_folder, "f.csv", lines)), workers: 2, blockBytes: 64);

        var messages = await PurchaseFiles.ReadAll(source);

        Assert.Equal(["17850", "2", "17850", "17850", "17850"], messages.Select(m => Encoding.UTF8.GetString(m.Key)));
        Assert.Matches(
            "^{\"event_id\":\"retail-[0-9a-f]{12}-3\",\"invoice_no\":\"C3\",\"stock_code\":\"A\",\"description\":\"HEART\",\"quantity\":-6,\"unit_price\":2.55,"
            + "\"invoice_date\":\"2010-12-01T08:26:00Z\",\"customer_id\":\"17850\",\"country\":\"France\",\"is_return\":true,\"line_total\":-15.30}$",
            Encoding.UTF8.GetString(messages[2].Value));
        Assert.Contains("\"customer_id\":null,\"country\":\"EIRE\",\"is_return\":false", Encoding.UTF8.GetString(messages[1].Value), StringComparison.Ordinal);
        Assert.Equal((10L, 5L, 1L, 1L), (source.Tally.Rows, source.Tally.Kept, source.Tally.Returns, source.Tally.WithoutCustomer));
        Assert.Equal((1L, 1L), (source.Tally.DescriptionsFilled, source.Tally.DescriptionsEmpty));
        Assert.Equal(
            new Dictionary<string, long> { ["bad_row"] = 1, ["non_positive_quantity"] = 2, ["non_positive_price"] = 2 }, source.Tally.RefusedByReason());
        Assert.Equal(["line 11: Quantity 'six' is not a whole number"], source.Tally.BadRows);
    }

    [Fact]
    public void TryRead_WhatWasWritten_IsTheSame()
    {
        Assert.True(PurchaseJson.TryRead(PurchaseJson.ToUtf8(Valid), out var read, out var fault), fault);
        Assert.Equal(Valid, read);
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "", "no value" },
        { "\u0001\u0002", "not a purchase" },
        { "null", "null" },
        { "[]", "not a purchase" },
        { "{}", "not a purchase" },
        { "{\"event_id\":null}", "not a purchase" },
        { Json(Valid with { EventId = "" }), "event_id" },
        { Json(Valid with { StockCode = new string('x', 129) }), "stock_code" },
        { Json(Valid with { InvoiceNo = "a\u0001" }), "invoice_no" },
        { Json(Valid with { CustomerId = "" }), "customer_id" },
        { Json(Valid with { Quantity = 0, LineTotal = 0 }), "quantity" },
        { Json(Valid with { Quantity = 1_000_001 }), "quantity" },
        { Json(Valid with { UnitPrice = 0 }), "unit_price" },
        { Json(Valid with { LineTotal = 15.31m }), "line_total" },
        { Json(Valid with { InvoiceDate = new DateTime(1969, 1, 1, 0, 0, 0, DateTimeKind.Utc) }), "invoice_date" },
        { Json(Valid with { Description = new string('x', 20_000) }), "at most" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void TryRead_BrokenMessage_SaysTheRule(string json, string rule)
    {
        Assert.False(PurchaseJson.TryRead(Encoding.UTF8.GetBytes(json), out _, out var fault));
        Assert.Contains(rule, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_Tombstone_SaysNo() => Assert.False(PurchaseJson.TryRead(null, out _, out _));

    private static string Json(Purchase purchase) => Encoding.UTF8.GetString(PurchaseJson.ToUtf8(purchase));
}
