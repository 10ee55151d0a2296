using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using Reco.Core.Ports;
using Reco.Silo.Hosting;

namespace Reco.Silo.Commands;

/// <summary><c>reco up</c>: the whole system in one process.</summary>
internal static class UpCommand
{
    private const int Done = 0;
    private const int CannotStart = 1;

    public static Command Create() => Create(RunAsync);

    /// <summary>With what is to be done with the settings: tests look at them instead of running the system.</summary>
    internal static Command Create(Func<Dictionary<string, string?>, CancellationToken, Task<int>> run)
    {
        var port = new Option<int>("--port")
        {
            Description = "Port of the REST gateway, on loopback.",
            DefaultValueFactory = _ => 5000,
            HelpName = "N",
        };
        port.Validators.Add(result =>
        {
            // What is no number at all is refused by the parser; asking for its value here would throw.
            if (result.Tokens.Any(token => int.TryParse(token.Value, CultureInfo.InvariantCulture, out var wanted) && wanted is < 0 or > 65_535))
            {
                result.AddError("--port must be 0 (any free one) to 65535");
            }
        });
        var data = new Option<DirectoryInfo>("--data")
        {
            Description = "Folder of the event log and the grain state.",
            DefaultValueFactory = _ => new DirectoryInfo("data"),
            HelpName = "DIR",
        };
        var rate = new Option<double?>("--rate") { Description = "A fixed rate of generated events per second, instead of the daily curve.", HelpName = "N" };
        var noGenerator = new Option<bool>("--no-generator") { Description = "Make no traffic." };
        var set = new Option<string[]>("--set")
        {
            Description = "Any other setting, such as Training:RetrainIntervalMinutes=1; may be repeated.",
            DefaultValueFactory = _ => [],
            HelpName = "Section:Key=value",
        };
        set.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"--set takes Section:Key=value; '{token.Value}' has no '='");
            }
        });
        var command = new Command("up", "Runs the whole system in one process: event log, grains, training, traffic and the REST gateway. Prints 'ready <address>' when it answers; Ctrl-C stops it.")
        {
            port, data, rate, noGenerator, set,
        };
        command.SetAction((parsed, cancellationToken) => run(
            Settings(
                parsed.GetValue(port), parsed.GetValue(data)!, parsed.GetValue(rate), parsed.GetValue(noGenerator), parsed.GetValue(set) ?? []),
            cancellationToken));
        return command;
    }

    private static Dictionary<string, string?> Settings(int port, DirectoryInfo data, double? rate, bool noGenerator, string[] set)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["urls"] = FormattableString.Invariant($"http://127.0.0.1:{port}"),
            ["Embedded:DataFolder"] = data.FullName,
            ["Generator:Enabled"] = noGenerator ? "false" : "true",
        };
        if (rate is not null)
        {
            settings["Generator:RatePerSecond"] = FormattableString.Invariant($"{rate}");
        }

        foreach (var pair in set)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            settings[pair[..equals].Trim()] = pair[(equals + 1)..].Trim();
        }

        return settings;
    }

    private static async Task<int> RunAsync(Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = RecoApplication.Build(settings, services => services.AddHostedService<ReadyAnnouncement>());
            RecoApplication.Check(app);
            await app.StartAsync(cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
            return Done;
        }
        catch (Exception refused) when (IsForThePerson(refused))
        {
            await Console.Error.WriteLineAsync($"reco: cannot start: {refused.Message}");
            return CannotStart;
        }
    }

    /// <summary>A wrong setting, a port that is taken, a damaged or locked data folder: the message says what to do, a stack does not.</summary>
    private static bool IsForThePerson(Exception failure) =>
        failure is OptionsValidationException or EventLogException or IOException
        || (failure is InvalidOperationException && failure.Source == "Microsoft.Extensions.Configuration.Binder");
}
