namespace Reco.GrainInterfaces.Tests.Events;

public sealed class ShopEventJsonTimeTests
{
    [Theory]
    [InlineData("2026-01-05T12:00:00Z", 0)]
    [InlineData("2026-01-05T12:00:00.123Z", 123)]
    [InlineData("2026-01-05T12:00:00.1239999Z", 123)]
    [InlineData("2026-01-05T12:00:00.123456789Z", 123)]
    [InlineData("2026-01-05T14:00:00+02:00", 0)]
    [InlineData("2026-01-05T03:30:00-08:30", 0)]
    [InlineData("2026-01-05T12:00:00-00:00", 0)]
    public void TryRead_TimeWithAZone_IsThatInstant(string time, long afterNowMs) =>
        Assert.Equal(EventText.NowMs + afterNowMs, EventText.Read(EventText.With("timestamp", $"\"{time}\"")).Event!.TimestampMs);

    [Theory]
    [InlineData("\"2026-01-05\"")]
    [InlineData("\"2026-01-05T12:00Z\"")]
    [InlineData("\"2026-01-05T12:00+01:00\"")]
    [InlineData("\"2026-01-05T12:00:00\"")]
    [InlineData("\"2026-01-05T12:00:00.1234567\"")]
    [InlineData("\"\\u0032\\u003026-01-05\"")]
    [InlineData("\"2026-01-05 12:00:00Z\"")]
    [InlineData("\"2026-01-05T12:00:00+1:00\"")]
    [InlineData("\"2026-01-05T12:00:00+0100\"")]
    [InlineData("\"2026-02-30T12:00:00Z\"")]
    [InlineData("\"2026-13-01T12:00:00Z\"")]
    [InlineData("\"2026-01-05T24:00:00Z\"")]
    [InlineData("\"0001-01-01T00:00:00+14:00\"")]
    [InlineData("\"1969-12-31T23:59:59.999Z\"")]
    [InlineData("\"yesterday\"")]
    [InlineData("\"\"")]
    [InlineData("1767614400000")]
    public void TryRead_NotAFullTime_FaultsTheTimestamp(string json) =>
        Assert.Equal("timestamp", EventText.Read(EventText.With("timestamp", json)).Fault!.Field);

    [Fact]
    public void TryRead_FirstMillisecondOf1970_IsTaken() =>
        Assert.Equal(0, EventText.Read(EventText.With("timestamp", "\"1970-01-01T00:00:00Z\"")).Event!.TimestampMs);

    [Fact]
    public void TryRead_FiveMinutesAhead_IsTakenAndAMillisecondMoreIsNot()
    {
        Assert.Null(EventText.Read(EventText.With("timestamp", "\"2026-01-05T12:05:00Z\"")).Fault);
        var fault = EventText.Read(EventText.With("timestamp", "\"2026-01-05T12:05:00.001Z\"")).Fault;
        Assert.Equal("timestamp", fault!.Field);
        Assert.Contains("5 minutes", fault.Error);
    }

    [Fact]
    public void TryRead_ClockAtTheEndOfTime_DoesNotOverflow() =>
        Assert.Null(EventText.Read(EventText.View, nowMs: long.MaxValue).Fault);
}
