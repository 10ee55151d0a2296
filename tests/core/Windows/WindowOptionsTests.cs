using System.ComponentModel.DataAnnotations;
using Reco.Core.Windows;

namespace Reco.Core.Tests.Windows;

public sealed class WindowOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreTenMinutesByFiveWithTenOfLateness()
    {
        var options = new WindowOptions();

        Assert.Empty(Options.FaultyFields(options));
        var shape = new WindowShape(options, kinds: 5, countUsers: true);
        Assert.Equal((300_000L, 2, 4), (shape.SlideMs, shape.WindowPanes, shape.RingPanes));
    }

    [Theory]
    [InlineData(0, 5, 10, nameof(WindowOptions.Length))]
    [InlineData(2880, 60, 10, nameof(WindowOptions.Length))]
    [InlineData(10, 0, 10, nameof(WindowOptions.Slide))]
    [InlineData(10, 3, 10, nameof(WindowOptions.Slide))]
    [InlineData(10, 20, 10, nameof(WindowOptions.Slide))]
    [InlineData(61, 1, 10, nameof(WindowOptions.Length))]
    [InlineData(10, 5, -1, nameof(WindowOptions.AllowedLateness))]
    [InlineData(10, 1, 61, nameof(WindowOptions.AllowedLateness))]
    public void Validate_OneBrokenField_NamesIt(int lengthMinutes, int slideMinutes, int latenessMinutes, string field)
    {
        var options = new WindowOptions
        {
            Length = TimeSpan.FromMinutes(lengthMinutes),
            Slide = TimeSpan.FromMinutes(slideMinutes),
            AllowedLateness = TimeSpan.FromMinutes(latenessMinutes),
        };

        Assert.Contains(field, Options.FaultyFields(options));
        Assert.Throws<ValidationException>(() => new WindowShape(options, kinds: 5, countUsers: false));
    }

    [Fact]
    public void Validate_SlideOfHalfAMillisecond_NamesIt()
    {
        var options = new WindowOptions { Length = TimeSpan.FromTicks(20_005_000), Slide = TimeSpan.FromTicks(10_002_500) };

        Assert.Contains(nameof(WindowOptions.Slide), Options.FaultyFields(options));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    public void Shape_NoSuchNumberOfKinds_Throws(int kinds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WindowShape(new WindowOptions(), kinds, countUsers: false));
}
