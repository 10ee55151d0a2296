using System.Diagnostics;
using System.Globalization;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.Crash;

/// <summary>This test program, run again as a child that works until it is killed.</summary>
internal static class VictimProcess
{
    /// <summary>Kills the child (SIGKILL) after so many acknowledgements; answers the highest number acknowledged for each worker.</summary>
    public static async Task<Dictionary<int, int>> RunAndKillAsync(string method, string folder, int firstNumber, int acknowledgements)
    {
        using var child = Process.Start(StartInfo(method, folder, firstNumber))!;
        var highest = new Dictionary<int, int>();
        var seen = 0;
        var unexpected = new List<string>();
        try
        {
            while (await child.StandardOutput.ReadLineAsync().WaitAsync(Deadline.Default) is { } line)
            {
                if (!line.StartsWith(CrashVictim.Acknowledged, StringComparison.Ordinal))
                {
                    unexpected.Add(line);
                    continue;
                }

                var words = line.Split(' ');
                if (words.Length == 3 && int.TryParse(words[1], out var worker) && int.TryParse(words[2], out var number))
                {
                    highest[worker] = number;
                }

                if (++seen == acknowledgements)
                {
                    child.Kill(); // What it had printed before it died is still read.
                }
            }
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
        }

        Assert.True(seen >= acknowledgements, $"The child ended by itself:\n{string.Join('\n', unexpected)}");
        return highest;
    }

    private static ProcessStartInfo StartInfo(string method, string folder, int firstNumber)
    {
        var assembly = typeof(VictimProcess).Assembly.Location;
        var isOwnHost = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == Path.GetFileNameWithoutExtension(assembly);
        var start = new ProcessStartInfo(isOwnHost ? Environment.ProcessPath! : "dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[.. isOwnHost ? [] : new[] { assembly }, "-explicit", "only", "-method", method])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[CrashVictim.FolderVariable] = string.Create(CultureInfo.InvariantCulture, $"{firstNumber}|{folder}");
        return start;
    }
}
