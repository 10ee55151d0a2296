using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Reco.Workload.Commands;
using Reco.Workload.Tests.Support;

namespace Reco.Workload.Tests.Purchases;

public sealed class PurchaseCommandTests : IDisposable
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
    [InlineData("argument", "purchases", "produce")]
    [InlineData("--limit", "purchases", "produce", "f.csv", "--limit", "0")]
    [InlineData("fastest", "purchases", "produce", "f.csv", "--profile", "fastest")]
    [InlineData("LingerMs", "purchases", "produce", "f.csv", "--linger-ms", "soon")]
    [InlineData("Compression", "purchases", "produce", "f.csv", "--compression", "rar")]
    [InlineData("InFlightRequests", "purchases", "produce", "f.csv", "--in-flight", "6")]
    [InlineData("Topic", "purchases", "produce", "f.csv", "--topic", "a b")]
    [InlineData("no such file", "purchases", "produce", "f.csv", "--config", "none.json")]
    [InlineData("--sample", "purchases", "compare", "f.csv", "--sample", "0")]
    [InlineData("--bootstrap", "purchases", "compare", "f.csv", "--test-broker", "--bootstrap", "x:1")]
    [InlineData("Group", "purchases", "consume", "--group", "../up")]
    public async Task Invoke_WrongArguments_Answers1AndSaysWhich(string said, params string[] args)
    {
        Assert.Equal(1, await Run(args));
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Produce_NoFile_Answers2() => Assert.Equal(2, await Run("purchases", "produce", _folder.File("none.csv")));

    [Fact]
    public async Task Produce_NoBroker_Answers3()
    {
        var file = RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(10, seed: 1));
        Assert.Equal(3, await Run("purchases", "produce", file, "--bootstrap", "127.0.0.1:1"));
        Assert.Contains("No Kafka broker answers at 127.0.0.1:1", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_Json_IsOneObjectAndNothingElse()
    {
        var file = RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(500, seed: 2));

        Assert.Equal(0, await Run("purchases", "compare", file, "--test-broker", "--sample", "10", "--json"));

        using var json = JsonDocument.Parse(_out.ToString());
        var profiles = json.RootElement.GetProperty("profiles").EnumerateArray().ToArray();
        Assert.Contains("optimized", profiles.Select(p => p.GetProperty("name").GetString()));
        Assert.Contains("baseline-without-linger", profiles.Select(p => p.GetProperty("name").GetString()));
        Assert.Single(profiles.Select(p => p.GetProperty("content_hash").GetString()).Distinct());
        Assert.All(profiles, p => Assert.Equal(
            p.GetProperty("messages").GetInt64() / p.GetProperty("seconds").GetDouble(), p.GetProperty("messages_per_second").GetDouble(), 1e-6));
        Assert.True(json.RootElement.GetProperty("ratios").GetProperty("optimized_to_baseline_without_linger").GetDouble() > 0);
    }

    private async Task<int> Run(params string[] args)
    {
        var context = new CommandContext
        {
            Console = CommandContext.ConsoleOver(_out),
            Error = CommandContext.ConsoleOver(_error),
            Time = TimeProvider.System,
            Products = () => Shop.Products(),
        };
        return await RecoCommand.Create(context).Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = _out, Error = _error }, TestContext.Current.CancellationToken);
    }
}
