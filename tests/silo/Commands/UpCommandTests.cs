using System.CommandLine;
using Reco.Silo.Commands;

namespace Reco.Silo.Tests.Commands;

public sealed class UpCommandTests
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private Dictionary<string, string?>? _settings;

    [Fact]
    public async Task Up_NoArguments_IsPort5000WithTrafficIntoData()
    {
        Assert.Equal(0, await RunAsync());
        Assert.Equal(
            [
                ("Embedded:DataFolder", Path.GetFullPath("data")),
                ("Generator:Enabled", "true"),
                ("urls", "http://127.0.0.1:5000"),
            ],
            _settings!.Select(s => (s.Key, s.Value!)).Order());
    }

    [Fact]
    public async Task Up_AllArguments_BecomeSettings()
    {
        Assert.Equal(0, await RunAsync(
            "--port", "0", "--data", "/somewhere/else", "--rate", "12.5", "--no-generator",
            "--set", "Training:RetrainIntervalMinutes=1", "--set", " Kafka:Servers = a=b "));
        Assert.Equal(
            [
                ("Embedded:DataFolder", "/somewhere/else"),
                ("Generator:Enabled", "false"),
                ("Generator:RatePerSecond", "12.5"),
                ("Kafka:Servers", "a=b"),
                ("Training:RetrainIntervalMinutes", "1"),
                ("urls", "http://127.0.0.1:0"),
            ],
            _settings!.Select(s => (s.Key, s.Value!)).Order());
    }

    [Fact]
    public async Task Up_SetOfWhatAnArgumentSays_SetWinsWhateverItsCase()
    {
        Assert.Equal(0, await RunAsync("--port", "1", "--set", "URLS=http://127.0.0.1:7"));
        Assert.Equal("http://127.0.0.1:7", _settings!["urls"]);
        Assert.Equal(3, _settings.Count);
    }

    [Theory]
    [InlineData("--port", "-1", "0 (any free one) to 65535")]
    [InlineData("--port", "65536", "0 (any free one) to 65535")]
    [InlineData("--port", "http", "http")]
    [InlineData("--rate", "fast", "fast")]
    [InlineData("--set", "Training", "'Training' has no '='")]
    [InlineData("--set", "=1", "=1")]
    [InlineData("--prot", "1", "--prot")]
    public async Task Up_BadArgument_SaysWhichAndStartsNothing(string name, string value, string sentence)
    {
        Assert.NotEqual(0, await RunAsync(name, value));
        Assert.Null(_settings);
        Assert.Contains(sentence, _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65535")]
    public async Task Up_PortAtTheEdge_IsTaken(string port)
    {
        Assert.Equal(0, await RunAsync("--port", port));
        Assert.Equal($"http://127.0.0.1:{port}", _settings!["urls"]);
    }

    private Task<int> RunAsync(params string[] args) =>
        UpCommand.Create((settings, _) =>
            {
                _settings = settings;
                return Task.FromResult(0);
            })
            .Parse(args)
            .InvokeAsync(new InvocationConfiguration { Output = _out, Error = _error }, TestContext.Current.CancellationToken);
}
