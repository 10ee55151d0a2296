using System.CommandLine;
using System.Globalization;
using Reco.Workload.Commands;
using Reco.Workload.Http;
using Reco.Workload.Tests.Support;

namespace Reco.Workload.Tests.Commands;

public sealed class RecoCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StringWriter _out = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _folder.Dispose();
        _out.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("generate", "--help")]
    [InlineData("replay", "--help")]
    public async Task Invoke_Help_SaysUsage(params string[] args)
    {
        Assert.Equal(0, await Run(args));
        Assert.Contains("reco", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("Usage:", _out.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'5x' is no duration", "generate", "--duration", "5x")]
    [InlineData("factor from 1x", "generate", "--clock", "0x")]
    [InlineData("promotion is HH:mm", "generate", "--promotion", "noon")]
    [InlineData("RatePerSecond", "generate", "--rate", "0")]
    [InlineData("RunId", "generate", "--run-id", "a b")]
    [InlineData("http", "generate", "--url", "ftp://x")]
    [InlineData("no speed", "replay", "f.csv", "--speed", "slow")]
    [InlineData("--limit", "replay", "f.csv", "--limit", "0")]
    [InlineData("argument", "replay")]
    [InlineData("nonsense", "nonsense")]
    public async Task Invoke_WrongArguments_Answers1AndSaysWhich(string said, params string[] args)
    {
        Assert.Equal(1, await Run(args));
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_ToAFile_WritesAnHourFraction()
    {
        var file = _folder.File("events.ndjson");

        Assert.Equal(0, await Run("generate", "--output", file, "--rate", "100", "--duration", "30s", "--run-id", "r", "--seed", "3"));

        Assert.Equal(3_000, File.ReadLines(file).Count(), 1.0);
        Assert.Contains("events written", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_ToAServer_Sends()
    {
        await using var server = await StubServer.StartAsync();

        Assert.Equal(0, await Run("generate", "--url", server.Url.ToString(), "--rate", "500", "--duration", "1s"));

        Assert.NotEmpty(server.Events);
        Assert.Contains($"{server.Events.Count} events sent", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_FileToAServer_SaysWhatWasSentAndSkipped()
    {
        await using var server = await StubServer.StartAsync();
        var file = RetailCsv.Write(_folder, "f.csv", [.. RetailCsv.Generate(300, seed: 1), "broken"]);

        Assert.Equal(0, await Run("replay", file, "--url", server.Url.ToString(), "--resume", _folder.File("p.json")));

        Assert.NotEmpty(server.Events);
        var said = _out.ToString();
        Assert.Contains($"{server.Events.Count} events accepted", said, StringComparison.Ordinal);
        Assert.Contains("skipped bad_row: 1", said, StringComparison.Ordinal);
        Assert.Contains("line 302: has 1 fields", said, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("p.json")));
    }

    [Theory]
    [InlineData("max")]
    [InlineData("1000000000x")]
    public async Task Replay_EitherFormOfSpeed_SendsEverything(string speed)
    {
        await using var server = await StubServer.StartAsync();
        var file = RetailCsv.Write(_folder, "f.csv", [.. RetailCsv.Generate(50, seed: 1)]);

        Assert.Equal(0, await Run("replay", file, "--url", server.Url.ToString(), "--speed", speed));

        Assert.NotEmpty(server.Events);
    }

    [Fact]
    public async Task Replay_NoFile_Answers2()
    {
        Assert.Equal(2, await Run("replay", _folder.File("none.csv")));
        Assert.Contains("cannot be read", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ServerNeverAnswers_Answers3()
    {
        await using var server = await StubServer.StartAsync();
        server.BeforePost = (_, _) => Task.FromResult<Microsoft.AspNetCore.Http.IResult?>(Microsoft.AspNetCore.Http.Results.StatusCode(503));

        Assert.Equal(3, await Run("replay", RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(30, seed: 1)), "--url", server.Url.ToString()));
        Assert.Contains("again in", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ServerRefuses_Answers4()
    {
        await using var server = await StubServer.StartAsync();
        server.BeforePost = (_, _) => Task.FromResult<Microsoft.AspNetCore.Http.IResult?>(Microsoft.AspNetCore.Http.Results.StatusCode(403));

        Assert.Equal(4, await Run("replay", RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(30, seed: 1)), "--url", server.Url.ToString()));
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7_200)]
    [InlineData("1d", 86_400)]
    [InlineData("00:01:30", 90)]
    public void TryParseDuration_WellFormed_Reads(string text, double seconds)
    {
        Assert.True(OptionParsers.TryParseDuration(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("10")]
    [InlineData("-5s")]
    [InlineData("0s")]
    [InlineData("00:00:00")]
    [InlineData("1e9d")]
    public void TryParseDuration_Malformed_SaysNo(string text) => Assert.False(OptionParsers.TryParseDuration(text, out _));

    private async Task<int> Run(params string[] args)
    {
        var context = new CommandContext
        {
            Console = CommandContext.ConsoleOver(_out),
            Error = CommandContext.ConsoleOver(_error),
            Time = TimeProvider.System,
            Products = () => Shop.Products(),
            Retry = new RetryOptions { FirstDelayMs = 1, DelayMsMax = 5, GiveUpAfter = TimeSpan.FromMilliseconds(100) },
        };
        return await RecoCommand.Create(context).Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = _out, Error = _error }, TestContext.Current.CancellationToken);
    }
}
