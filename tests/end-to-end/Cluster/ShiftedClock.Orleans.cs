using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Reco.Testing;

namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>A clock that is off, for processes: shifted-clock.c, compiled where the test runs.</summary>
internal sealed class ShiftedClock : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Library => _folder.File("shifted-clock.so");

    /// <summary>Compiles it, or skips the test where there is no C compiler; under CI=true that is a failure.</summary>
    public static async Task<ShiftedClock> CompileAsync()
    {
        var clock = new ShiftedClock();
        try
        {
            var source = Path.Combine(AppContext.BaseDirectory, "Cluster", "shifted-clock.c");
            using var compiler = Process.Start(new ProcessStartInfo("cc", ["-shared", "-fPIC", "-O2", "-o", clock.Library, source, "-ldl"]))!;
            await compiler.WaitForExitAsync().Within("the compiler ends");
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (Win32Exception)
        {
            clock.Dispose();
            TestService.Missing("no C compiler is installed: apt-get install gcc libc6-dev");
        }

        return clock;
    }

    /// <summary>The environment of a process whose clock is to be off.</summary>
    public IReadOnlyDictionary<string, string> By(int seconds) => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library,
        ["CLOCK_SHIFT_SECONDS"] = seconds.ToString(CultureInfo.InvariantCulture),
    };

    public void Dispose() => _folder.Dispose();
}
