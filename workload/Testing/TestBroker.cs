using System.Diagnostics;
using System.Globalization;

namespace Reco.Workload.Testing;

/// <summary>
/// A test broker in a process of its own: <c>reco test-broker</c>, that is librdkafka's mock cluster. Real protocol; 5 MiB a partition, no
/// admin calls but metadata, no real transactions. For tests and benchmarks. One command at a time.
/// </summary>
public sealed class TestBroker : IAsyncDisposable
{
    private const string Announcement = "bootstrap ";
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private TestBroker(Process process, Task<string> errors, string bootstrapServers, int brokers) =>
        (_process, _errors, BootstrapServers, Brokers) = (process, errors, bootstrapServers, brokers);

    /// <summary>Where clients connect.</summary>
    public string BootstrapServers { get; }

    /// <summary>How many brokers there are, numbered from 1.</summary>
    public int Brokers { get; }

    /// <summary>The broker's process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts the process and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message holds what it said.</exception>
    public static async Task<TestBroker> StartAsync(
        IReadOnlyList<(string Topic, int Partitions)> topics, int brokers = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topics);
        var process = Process.Start(StartInfo(topics, brokers))!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(AnswerWithin, cancellationToken);
            return line?.StartsWith(Announcement, StringComparison.Ordinal) == true
                ? new TestBroker(process, errors, line[Announcement.Length..], brokers)
                : throw new InvalidOperationException($"The test broker did not start: {line} {(line is null ? await errors : "")}");
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>The next <paramref name="count"/> requests of a kind get this error, named as the protocol does: Produce, NOT_LEADER_FOR_PARTITION.</summary>
    public Task PushErrorsAsync(string request, string error, int count = 1) =>
        SendAsync(string.Create(CultureInfo.InvariantCulture, $"errors {request} {error} {count}"));

    /// <summary>Forgets the errors of a kind of request that were not used yet.</summary>
    public Task ClearErrorsAsync(string request) => SendAsync($"clear {request}");

    /// <summary>Takes a broker down, or all of them.</summary>
    public Task DownAsync(int? broker = null) => SendAsync($"down {Name(broker)}");

    /// <summary>Brings a broker up, or all of them.</summary>
    public Task UpAsync(int? broker = null) => SendAsync($"up {Name(broker)}");

    /// <summary>Holds answers back.</summary>
    public Task SetRoundTripAsync(TimeSpan time, int? broker = null) =>
        SendAsync(string.Create(CultureInfo.InvariantCulture, $"rtt {Name(broker)} {(int)time.TotalMilliseconds}"));

    /// <summary>Makes one more topic.</summary>
    public Task CreateTopicAsync(string topic, int partitions) =>
        SendAsync(string.Create(CultureInfo.InvariantCulture, $"topic {topic} {partitions}"));

    /// <summary>Sends a command and waits until the broker has done it.</summary>
    /// <exception cref="InvalidOperationException">The broker refused, or has ended.</exception>
    public async Task SendAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(AnswerWithin);
        if (answer != "ok")
        {
            throw new InvalidOperationException(
                $"The test broker answered '{command}' with: {answer ?? "nothing, it has ended. " + await _errors}");
        }
    }

    /// <summary>Ends the process by closing its stdin; kills it when it does not end.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string Name(int? broker) => broker?.ToString(CultureInfo.InvariantCulture) ?? "all";

    private static ProcessStartInfo StartInfo(IReadOnlyList<(string Topic, int Partitions)> topics, int brokers)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            typeof(TestBroker).Assembly.Location,
            "test-broker",
            "--topics",
            string.Join(',', topics.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Topic}:{t.Partitions}"))),
            "--brokers",
            brokers.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
