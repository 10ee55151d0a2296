using Reco.Silo.Ingest;

namespace Reco.Silo.Tests.Ingest;

public sealed class FlushesInFlightTests
{
    private const int Max = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(8);
    private static readonly int Few = 2 * Environment.ProcessorCount;
    private readonly FlushesInFlight _flushes = new(Max, Interval);

    [Fact]
    public void Now_AtFirst_IsTwoForEachCore() => Assert.Equal(Few, _flushes.Now);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Now_NeverMoreThanTheMost(int max)
    {
        var flushes = new FlushesInFlight(max, Interval);
        Assert.Equal(Math.Min(max, Few), flushes.Now);

        for (var i = 0; i < 20; i++)
        {
            flushes.Took(Interval);
        }

        Assert.Equal(max, flushes.Now);
    }

    [Fact]
    public void Took_MoreThanHalfOfTheInterval_Doubles()
    {
        _flushes.Took((Interval / 2) + TimeSpan.FromTicks(1));

        Assert.Equal(2 * Few, _flushes.Now);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(4.0)]
    public void Took_InBetween_ChangesNothing(double seconds)
    {
        _flushes.Took(Interval);

        _flushes.Took(TimeSpan.FromSeconds(seconds));

        Assert.Equal(2 * Few, _flushes.Now);
    }

    [Fact]
    public void Took_LessThanAnEighth_HalvesAndEndsWhereItBegan()
    {
        _flushes.Took(Interval);
        _flushes.Took(Interval);

        _flushes.Took(TimeSpan.FromSeconds(0.9));
        Assert.Equal(2 * Few, _flushes.Now);

        _flushes.Took(TimeSpan.Zero);
        _flushes.Took(TimeSpan.Zero);
        Assert.Equal(Few, _flushes.Now);
    }
}
