using System.Diagnostics;
using System.Globalization;
using System.Text;
using Reco.Testing;

namespace Reco.EndToEnd.Tests;

/// <summary>A real process of ours: started, listened to, killed.</summary>
internal sealed class RecoProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RecoProcess(Process process) => _process = process;

    /// <summary>Everything it has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    /// <summary><c>reco up</c> on a free port; the address comes with <see cref="ReadyAsync"/>.</summary>
    public static RecoProcess Up(string dataFolder, params string[] arguments) => UpOn(0, dataFolder, arguments);

    /// <summary><c>reco up</c> on a given port.</summary>
    public static RecoProcess UpOn(int port, string dataFolder, params string[] arguments) =>
        Start("Reco.Silo.dll", ["up", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", dataFolder, .. arguments]);

    /// <summary><c>reco up</c> or <c>reco gateway</c> as a part of a cluster, on a free port, with more variables in its environment.</summary>
    public static RecoProcess Part(string verb, string dataFolder, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string>? environment) => Start(
        "Reco.Silo.dll",
        [verb, "--port", "0", "--data", dataFolder, .. settings.SelectMany(s => new[] { "--set", $"{s.Key}={s.Value}" })],
        environment);

    /// <summary><c>reco doctor</c>.</summary>
    public static RecoProcess Doctor(string dataFolder, IReadOnlyDictionary<string, string> settings) => Start(
        "Reco.Silo.dll", ["doctor", "--data", dataFolder, .. settings.SelectMany(s => new[] { "--set", $"{s.Key}={s.Value}" })]);

    /// <summary><c>reco replay</c> and the like.</summary>
    public static RecoProcess Workload(params string[] arguments) => Start("Reco.Workload.dll", arguments);

    /// <summary>The address, once it answers.</summary>
    public async Task<Uri> ReadyAsync()
    {
        var exited = _process.WaitForExitAsync();
        Task first;
        try
        {
            first = await Task.WhenAny(_ready.Task, exited).Within("the system gets ready");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}:\n{Output}", late);
        }

        return first == exited && !_ready.Task.IsCompleted
            ? throw new InvalidOperationException($"it ended with {ExitCode}:\n{Output}")
            : new Uri(await _ready.Task);
    }

    public async Task<int> ExitAsync(string phase, TimeSpan? deadline = null)
    {
        await _process.WaitForExitAsync().Within(phase, deadline);
        return ExitCode;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Within("the killed process ends");
    }

    /// <summary>SIGTERM, as an operator stops it.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().Within("kill ends");
        return await ExitAsync("the process ends after SIGTERM");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static RecoProcess Start(string assembly, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var reco = new RecoProcess(new Process { StartInfo = start });
        reco._process.OutputDataReceived += (_, line) => reco.Take(line.Data);
        reco._process.ErrorDataReceived += (_, line) => reco.Take(line.Data);
        reco._process.Start();
        reco._process.BeginOutputReadLine();
        reco._process.BeginErrorReadLine();
        return reco;
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
            _ready.TrySetResult(line["ready ".Length..]);
        }
    }
}
