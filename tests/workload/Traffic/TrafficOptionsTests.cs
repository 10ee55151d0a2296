using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Reco.Workload.Traffic;

namespace Reco.Workload.Tests.Traffic;

public sealed class TrafficOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreValidAndAsStated()
    {
        var options = new TrafficOptions();

        Assert.True(new TrafficOptionsValidator().Validate(null, options).Succeeded);
        Assert.Equal((false, null, 100.0, 1.0), (options.Enabled, options.RatePerSecond, options.BaseRatePerSecond, options.ClockFactor()));
        Assert.Equal((5_000, 2_000, 50, 1_000), (options.Users, options.OpenSessionsMax, options.TickMs, options.CatchUpMsMax));
        Assert.Equal((24.0, 42UL, null), (options.StartHoursAgo, options.Seed, options.RunId));
        Assert.Empty(options.DailyPromotions());
    }

    [Theory]
    [InlineData("RatePerSecond", "0")]
    [InlineData("RatePerSecond", "2000000")]
    [InlineData("BaseRatePerSecond", "0")]
    [InlineData("Clock", "0.5x")]
    [InlineData("Clock", "fast")]
    [InlineData("Clock", "4000x")]
    [InlineData("StartHoursAgo", "0")]
    [InlineData("RunId", "has space")]
    [InlineData("Users", "1")]
    [InlineData("OpenSessionsMax", "0")]
    [InlineData("Promotions:0", "noon")]
    [InlineData("TickMs", "0")]
    [InlineData("CatchUpMsMax", "20")]
    [InlineData("Colour", "red")]
    public void AddTrafficOptions_OneBrokenField_IsRefusedByName(string key, string value)
    {
        var fault = Assert.ThrowsAny<Exception>(() => Bind((key, value)));

        Assert.True(fault is OptionsValidationException or InvalidOperationException, fault.ToString());
        var named = key switch { "Promotions:0" => "promotion", "Clock" => "clock", _ => key };
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddTrafficOptions_FullSection_Binds()
    {
        var options = Bind(("Enabled", "true"), ("RatePerSecond", "250"), ("Clock", "60x"), ("Seed", "9"), ("Promotions:0", "12:00-13:00@5x"));

        Assert.Equal((true, 250.0, 60.0, 9UL), (options.Enabled, options.RatePerSecond!.Value, options.ClockFactor(), options.Seed));
        Assert.Equal([new Promotion(new TimeOnly(12, 0), new TimeOnly(13, 0), 5)], options.DailyPromotions());
    }

    private static TrafficOptions Bind(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Generator:{s.Key}", (string?)s.Value)))
            .Build();
        using var services = new ServiceCollection().AddTrafficOptions(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptions<TrafficOptions>>().Value;
    }
}
