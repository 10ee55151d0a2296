using System.Text;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Silo.Orders;
using Reco.Silo.Tests.Ingest;

namespace Reco.Silo.Tests.Orders;

/// <summary>The look at the bytes against the reading of the whole event.</summary>
public sealed class PurchaseRecordsTests
{
    private static readonly string Rest = $$""","user_id":"ann","product_id":"cup","timestamp":"2026-01-05T12:00:00Z"}""";

    public static TheoryData<string> Records =>
    [
        Encoding.UTF8.GetString(ShopEventJson.ToUtf8(Events.Purchase("1", "ann", "cup", 2, 3m))),
        Encoding.UTF8.GetString(ShopEventJson.ToUtf8(Events.View("purchase", "ann", "cup"))),
        Encoding.UTF8.GetString(ShopEventJson.ToUtf8(Events.View("1", "ann", "a\\b"))),
        Encoding.UTF8.GetString(ShopEventJson.ToUtf8(Events.Search("1", "ann", "purchase"))),
        """{"event_id":"1","event_type":"purch\u0061se" """ + Rest,
        """{"event_id":"1","event_\u0074ype":"\u0070\u0075\u0072\u0063\u0068\u0061\u0073\u0065" """ + Rest,
        """{"event_id":"1","event_type":"Purchase" """ + Rest,
        """{"event_id":"1","event_type":"purchase","quantity":0 """ + Rest,
        """{"event_type":"purchase" """ + Rest,
        "purchase",
        "",
    ];

    [Theory]
    [MemberData(nameof(Records))]
    public void TryRead_AnyRecord_SameAnswerAsReadingTheWholeEvent(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var expected = ShopEventJson.TryRead(utf8, Events.NowMs, pool: null, out var shopEvent, out _) && shopEvent.Type == EventType.Purchase
            ? shopEvent
            : null;
        Assert.Equal(expected is not null, PurchaseRecords.TryRead(new LogRecord(0, Events.NowMs, utf8), new IdPool(), out var purchase));
        Assert.Equal(expected, purchase);
    }

    [Fact]
    public void TryRead_EscapedWord_IsAPurchase() => Assert.True(PurchaseRecords.TryRead(
        new LogRecord(0, Events.NowMs, Encoding.UTF8.GetBytes("""{"event_id":"1","event_type":"purch\u0061se" """ + Rest)), new IdPool(), out _));
}
