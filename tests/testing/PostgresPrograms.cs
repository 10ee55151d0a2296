using System.Diagnostics;

namespace Reco.Testing;

/// <summary>PostgreSQL's programs on this machine, and the account to run them as: the server refuses to run as root.</summary>
internal sealed class PostgresPrograms
{
    private readonly string _folder;
    private readonly string? _group;

    private PostgresPrograms(string folder, (string Name, string Group)? owner)
    {
        _folder = folder;
        Owner = owner?.Name;
        _group = owner?.Group;
    }

    /// <summary>Whose the server's files and processes are when that is not us: an account for servers, as we are root.</summary>
    public string? Owner { get; }

    public static PostgresPrograms FindOrSkip()
    {
        var folder = Folders().FirstOrDefault(HasPrograms);
        if (folder is null)
        {
            TestService.Missing("PostgreSQL (initdb, postgres) is neither on the PATH nor in /usr/lib/postgresql: apt-get install postgresql");
        }

        return new PostgresPrograms(folder, Environment.IsPrivilegedProcess ? ServerAccount() : null);
    }

    /// <summary>The command line that runs a program as <see cref="Owner"/>.</summary>
    public string[] AsOwner(string program, IEnumerable<string> arguments) =>
        Owner is null
            ? [PathOf(program), .. arguments]
            : ["setpriv", $"--reuid={Owner}", $"--regid={_group}", "--clear-groups", "--", PathOf(program), .. arguments];

    public async Task RunAsync(string program, IEnumerable<string> arguments, bool asOwner = false)
    {
        var (code, text) = await FinishAsync(asOwner ? AsOwner(program, arguments) : [PathOf(program), .. arguments]);
        if (code != 0)
        {
            throw new InvalidOperationException($"{program} failed with {code}:{Environment.NewLine}{text}");
        }
    }

    public async Task<bool> TryAsync(string program, IEnumerable<string> arguments) =>
        (await FinishAsync([PathOf(program), .. arguments])).Code == 0;

    private static async Task<(int Code, string Text)> FinishAsync(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} does not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Debian's packages put them aside, one folder a version; the newest first.</summary>
    private static IEnumerable<string> Folders()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        return versions
            .OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0)
            .Select(path => Path.Combine(path, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool HasPrograms(string folder) =>
        ((string[])["initdb", "postgres", "pg_isready", "psql"]).All(program => File.Exists(Path.Combine(folder, program)));

    /// <summary>postgres, or nobody where there is none; with the number of its group.</summary>
    private static (string Name, string Group) ServerAccount()
    {
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).ToLookup(fields => fields[0], fields => fields[3]);
        var name = accounts.Contains("postgres") ? "postgres" : "nobody";
        return (name, accounts[name].FirstOrDefault() ?? throw new InvalidOperationException("/etc/passwd has neither postgres nor nobody"));
    }

    private string PathOf(string program) =>
        Path.Combine(_folder, program) is var path && File.Exists(path) ? path : program;
}
