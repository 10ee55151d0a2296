using System.Diagnostics;
using System.Globalization;
using Reco.Testing;

namespace Reco.Adapters.Tests.Kafka;

/// <summary>A member of the group in a process of its own: this test program, run again.</summary>
internal sealed class KafkaMemberProcess : IAsyncDisposable
{
    public const string Mark = "member ";
    private readonly Process _process;
    private readonly Task _listening;
    private readonly Action<string[]> _heard;
    private readonly HashSet<int> _owned = [];

    private KafkaMemberProcess(Process process, Action<string[]> heard)
    {
        (_process, _heard) = (process, heard);
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>The partitions it owns, as far as it has said.</summary>
    public int[] Owned
    {
        get
        {
            lock (_owned)
            {
                return [.. _owned.Order()];
            }
        }
    }

    /// <param name="bootstrapServers">Of the test broker.</param>
    /// <param name="heard">Gets every line, in words.</param>
    public static KafkaMemberProcess Start(string bootstrapServers, Action<string[]> heard)
    {
        var assembly = typeof(KafkaMemberProcess).Assembly.Location;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in (string[])
            [assembly, "-noColor", "-explicit", "only", "-method", $"{typeof(KafkaGroupVictim).FullName}.{nameof(KafkaGroupVictim.Consume_UntilToldToLeave)}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[KafkaGroupVictim.BootstrapVariable] = bootstrapServers;
        return new KafkaMemberProcess(Process.Start(start)!, heard);
    }

    /// <summary>SIGKILL: it says nothing more, but what it had said is still heard.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _listening.Within("a killed member's last words");
        lock (_owned)
        {
            _owned.Clear();
        }
    }

    /// <summary>Asks it to leave, and waits until it has.</summary>
    public async Task LeaveAsync()
    {
        _process.StandardInput.Close();
        await _listening.Within("a member leaves");
        await _process.WaitForExitAsync().Within("a member's process ends");
        Assert.Equal(0, _process.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(Mark, StringComparison.Ordinal))
            {
                continue;
            }

            var words = line[Mark.Length..].Split(' ');
            _heard(words);
            lock (_owned)
            {
                _ = words[0] switch
                {
                    "assigned" => _owned.Add(int.Parse(words[1], CultureInfo.InvariantCulture)),
                    "revoked" or "lost" => _owned.Remove(int.Parse(words[1], CultureInfo.InvariantCulture)),
                    _ => false,
                };
            }
        }
    }
}
