namespace Reco.GrainInterfaces.Tests.Events;

public sealed class EventRulesTests
{
    [Fact]
    public void Bounds_AreThoseOfTheDesign()
    {
        Assert.Equal(128, EventRules.IdCharactersMax);
        Assert.Equal(256, EventRules.QueryCharactersMax);
        Assert.Equal(16 * 1024, EventRules.EventBytesMax);
        Assert.Equal(TimeSpan.FromMinutes(5), EventRules.FutureMax);
    }

    [Theory]
    [InlineData(EventType.View, 1f, "view", 0)]
    [InlineData(EventType.Cart, 3f, "cart", 1)]
    [InlineData(EventType.Like, 4f, "like", 2)]
    [InlineData(EventType.Purchase, 5f, "purchase", 3)]
    [InlineData(EventType.Search, 0f, "search", 4)]
    public void EventTypes_EachType_HasItsWeightNameAndNumber(EventType type, float weight, string name, byte number)
    {
        Assert.Equal(weight, EventTypes.Weight(type));
        Assert.Equal(name, EventTypes.Name(type));
        Assert.Equal(number, (byte)type);
    }

    [Fact]
    public void EventTypes_Count_CoversEveryType() => Assert.Equal(EventTypes.Count, Enum.GetValues<EventType>().Length);

    [Fact]
    public void Name_UnknownType_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => EventTypes.Name((EventType)9));

    [Fact]
    public void Fault_WithField_SaysFieldAndRule()
    {
        Assert.Equal("user_id: is required", new EventFault("user_id", "is required").ToString());
        Assert.Equal("not valid JSON", new EventFault("", "not valid JSON").ToString());
    }

    [Theory]
    [InlineData(EventType.Purchase, 3, 2.5, 7.5)]
    [InlineData(EventType.Purchase, null, 2.5, 2.5)]
    [InlineData(EventType.Purchase, 3, null, 0)]
    [InlineData(EventType.Cart, 3, 2.5, 0)]
    public void Revenue_OfAnEvent_IsQuantityTimesPriceOfPurchasesOnly(EventType type, int? quantity, double? price, double revenue)
    {
        var made = new ShopEvent
        {
            EventId = "e",
            UserId = "u",
            ProductId = "p",
            Type = type,
            TimestampMs = 0,
            Quantity = quantity,
            UnitPrice = (decimal?)price,
        };

        Assert.Equal((decimal)revenue, made.Revenue);
    }

    [Fact]
    public void From_CountsByType_PutsEachInItsPlace()
    {
        Assert.Equal(new EventCounts { View = 1, Cart = 2, Like = 3, Purchase = 4, Search = 5 }, EventCounts.From([1, 2, 3, 4, 5]));
        Assert.Equal(15, EventCounts.From([1, 2, 3, 4, 5]).Sum);
    }
}
