using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reco.Silo.Options;

namespace Reco.Silo.Tests.Options;

public sealed class EffectiveOptionsLogTests
{
    [Fact]
    public void Describe_Secrets_AreMaskedWhereverTheyStand()
    {
        var shown = EffectiveOptionsLog.Describe(new Sample(), "").ToList();
        Assert.Equal(
            [
                "Name=shop", "ApiKey=***", "password=***", "ClientSecret=***", "AccessToken=***", "PostgresConnectionString=***", "EmptyKey=",
                "MissingKey=(none)", "Inner:UserPassword=***", "Inner:Rate=0.5", "Keys=***", "Tags=[a b]", "Limit=(none)", "Wait=00:01:30",
            ],
            shown);
    }

    [Fact]
    public async Task StartAsync_TwoSections_LogsOneLineEachWithoutSecrets()
    {
        var lines = new Lines();
        using var provider = new ServiceCollection().BuildServiceProvider();
        var log = new EffectiveOptionsLog(
            [new OptionsSection("First", _ => new Sample()), new OptionsSection("Second", _ => new Inside())], provider, lines);
        await log.StartAsync(TestContext.Current.CancellationToken);
        await log.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, lines.Written.Count);
        Assert.StartsWith("First: Name=shop, ApiKey=***,", lines.Written[0], StringComparison.Ordinal);
        Assert.Equal("Second: UserPassword=***, Rate=0.5", lines.Written[1]);
        Assert.DoesNotContain(lines.Written, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    private sealed class Sample
    {
        public string Name { get; set; } = "shop";

        public string ApiKey { get; set; } = "hunter2";

#pragma warning disable IDE1006 // The case of the word must not matter.
        public string password { get; set; } = "hunter2";
#pragma warning restore IDE1006

        public string ClientSecret { get; set; } = "hunter2";

        public string AccessToken { get; set; } = "hunter2";

        public string PostgresConnectionString { get; set; } = "Host=x;Password=hunter2";

        public string EmptyKey { get; set; } = "";

        public string? MissingKey { get; set; }

        public Inside Inner { get; set; } = new();

        public string[] Keys { get; set; } = ["hunter2"];

        public IList<string> Tags { get; set; } = ["a", "b"];

        public int? Limit { get; set; }

        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(90);

        public string Computed => "not a setting";
    }

    private sealed class Inside
    {
        public string UserPassword { get; set; } = "hunter2";

        public double Rate { get; set; } = 0.5;
    }

    private sealed class Lines : ILogger<EffectiveOptionsLog>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
