using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Reco.Bench.Cluster;

/// <summary>A silo or a gateway in a process of its own, on any free port of this machine.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private const int LastWordsMax = 4_000;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ClusterProcess(Process process, string name) => (_process, Name) = (process, name);

    public string Name { get; }

    /// <summary>The end of what it printed, once it has ended; null while it runs.</summary>
    public string? Ended
    {
        get
        {
            if (!_process.HasExited)
            {
                return null;
            }

            lock (_output)
            {
                return _output.ToString(Math.Max(0, _output.Length - LastWordsMax), Math.Min(_output.Length, LastWordsMax));
            }
        }
    }

    /// <summary>Starts it; settings as in <c>--set</c>, and variables of the environment that its image has.</summary>
    public static ClusterProcess Start(
        string name, string verb, string folder, IReadOnlyDictionary<string, string> settings, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Reco.Silo.dll"), verb, "--port", "0", "--data", Path.Combine(folder, name),
            .. settings.SelectMany(s => new[] { "--set", $"{s.Key}={s.Value}" }),
        ];
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        foreach (var (variable, value) in environment)
        {
            process.StartInfo.Environment[variable] = value;
        }

        var started = new ClusterProcess(process, name);
        process.OutputDataReceived += (_, line) => started.Take(line.Data);
        process.ErrorDataReceived += (_, line) => started.Take(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Its address, once it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or is not ready in time; with what it printed.</exception>
    public async Task<Uri> ReadyAsync(CancellationToken cancellationToken)
    {
        var ended = _process.WaitForExitAsync(cancellationToken);
        await Task.WhenAny(_ready.Task, ended, Task.Delay(TimeSpan.FromMinutes(2), TimeProvider.System, cancellationToken));
        return _ready.Task.IsCompletedSuccessfully
            ? await _ready.Task
            : throw new InvalidOperationException($"{Name} {(ended.IsCompleted ? "ended" : "is not ready")}:\n{_output}");
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => EndAsync("-KILL");

    /// <summary>SIGTERM, as an orchestrator stops it.</summary>
    public Task TerminateAsync() => EndAsync("-TERM");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task EndAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line.StartsWith("ready ", StringComparison.Ordinal))
        {
            _ready.TrySetResult(new Uri(line["ready ".Length..]));
        }
    }
}
