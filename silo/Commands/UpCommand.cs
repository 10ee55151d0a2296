using System.CommandLine;
using Reco.Silo.Hosting;

namespace Reco.Silo.Commands;

/// <summary><c>reco up</c>: the whole system in one process.</summary>
internal static class UpCommand
{
    public static Command Create() => Create((settings, stop) => HostRun.RunAsync(settings, RecoRole.Silo, stop));

    /// <summary>With what is to be done with the settings: tests look at them instead of running the system.</summary>
    internal static Command Create(Func<Dictionary<string, string?>, CancellationToken, Task<int>> run)
    {
        var host = new ProcessOptions();
        var rate = new Option<double?>("--rate") { Description = "A fixed rate of generated events per second, instead of the daily curve.", HelpName = "N" };
        var noGenerator = new Option<bool>("--no-generator") { Description = "Make no traffic." };
        var command = new Command("up", "Runs the whole system in one process: event log, grains, training, traffic and the REST gateway. Prints 'ready <address>' when it answers; Ctrl-C stops it.")
        {
            host.Port, host.Data, rate, noGenerator, host.Set,
        };
        command.SetAction((parsed, cancellationToken) => run(
            host.Settings(parsed, Own(parsed.GetValue(rate), parsed.GetValue(noGenerator))), cancellationToken));
        return command;
    }

    private static IEnumerable<(string Key, string Value)> Own(double? rate, bool noGenerator)
    {
        yield return ("Generator:Enabled", noGenerator ? "false" : "true");
        if (rate is not null)
        {
            yield return ("Generator:RatePerSecond", FormattableString.Invariant($"{rate}"));
        }
    }
}
