using System.Diagnostics;
using System.Globalization;

namespace Reco.Testing;

/// <summary>
/// A private PostgreSQL on a free loopback port, in a temporary folder of its own. A shell stands between it and the test process with a
/// pipe to that: when the test process dies, however it dies, the pipe closes and the shell kills the server and removes the folder.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int PortAttempts = 5;

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly PostgresPrograms _programs;
    private readonly PostgresServerOptions _options;
    private readonly string _folder;
    private Process? _guard;
    private int _postmaster;

    private PostgresServer(PostgresPrograms programs, PostgresServerOptions options)
    {
        _programs = programs;
        _options = options;
        _folder = Directory.CreateTempSubdirectory("reco-postgres-").FullName;
    }

    /// <summary>Where it listens on 127.0.0.1; the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>Process id of the postmaster while it runs.</summary>
    public int ProcessId => _postmaster;

    /// <summary>What the server has logged.</summary>
    public string LogText => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "";

    private string DataPath => Path.Combine(_folder, "data");

    private string LogPath => Path.Combine(_folder, "log");

    /// <summary>Starts one, or skips the test where PostgreSQL is not installed; under CI=true that is a failure.</summary>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions? options = null)
    {
        var programs = PostgresPrograms.FindOrSkip();
        var server = new PostgresServer(programs, options ?? new PostgresServerOptions());
        try
        {
            await server.InitAsync();
            for (var attempt = 1; ; attempt++)
            {
                server.Port = LoopbackPort.Free();
                try
                {
                    await server.LaunchAsync();
                    return server;
                }
                catch (InvalidOperationException) when (
                    attempt < PortAttempts && server.LogText.Contains("Address already in use", StringComparison.Ordinal))
                {
                    // Somebody else took the port between our look and the server's bind.
                    File.Delete(server.LogPath);
                }
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection string to a database of this server; user reco is its superuser, without a password.</summary>
    public string ConnectionString(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=reco;Database={database};Timeout=15");

    /// <summary>Makes an empty database and answers how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await _programs.RunAsync("psql", ["-X", "-q", "-h", "127.0.0.1", "-p", Text(Port), "-U", "reco", "-d", "postgres", "-c", $"CREATE DATABASE \"{name}\""]);
        return ConnectionString(name);
    }

    /// <summary>kill -9 of the postmaster and every process of it; nothing is written any more.</summary>
    public async Task KillAsync()
    {
        if (_guard is not { } guard)
        {
            return;
        }

        _guard = null;
        await guard.StandardInput.WriteLineAsync("kill");
        guard.StandardInput.Close();
        await guard.WaitForExitAsync();
        guard.Dispose();
    }

    /// <summary>Starts it again on the same port and data, after <see cref="KillAsync"/> or (killing it first) while it runs.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        File.Delete(Path.Combine(DataPath, "postmaster.pid"));
        await LaunchAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task InitAsync()
    {
        if (_programs.Owner is { } owner)
        {
            await _programs.RunAsync("chown", [owner, _folder]);
        }

        await _programs.RunAsync(
            "initdb",
            ["-D", DataPath, "-U", "reco", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
            asOwner: true);
    }

    private async Task LaunchAsync()
    {
        var server = _programs.AsOwner("postgres", ["-D", DataPath, .. _options.Arguments(Port)]);
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", GuardScript, "reco-postgres-guard", _folder, LogPath, .. server])
        {
            start.ArgumentList.Add(argument);
        }

        _guard = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh does not start");
        _postmaster = int.Parse(
            await _guard.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the guard of PostgreSQL said nothing"),
            CultureInfo.InvariantCulture);
        try
        {
            await Deadline.Until(IsReadyAsync, "PostgreSQL takes connections", StartDeadline);
        }
        catch
        {
            await KillAsync();
            throw;
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        if (!IsAlive(_postmaster))
        {
            throw new InvalidOperationException($"PostgreSQL stopped while it started:{Environment.NewLine}{LogText}");
        }

        return await _programs.TryAsync("pg_isready", ["-q", "-h", "127.0.0.1", "-p", Text(Port), "-U", "reco", "-d", "postgres"]);
    }

    /// <summary>A zombie is not: the guard reaps its child only when it ends itself.</summary>
    private static bool IsAlive(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>
    /// $1 the folder, $2 the log, the rest the server's command line. Says the server's process id, then waits: for a line, which asks it to
    /// kill the server, or for the end of the pipe, when it removes the folder too. The postmaster is stopped before its children are
    /// listed, so that it starts no more of them; they are in sessions of their own, so no process group would reach them.
    /// </summary>
    private const string GuardScript = """
        folder=$1; log=$2; shift 2
        trap '' INT HUP TERM
        "$@" </dev/null >>"$log" 2>&1 &
        pid=$!
        echo "$pid"
        exec >/dev/null
        told=no
        read -r told || told=no
        kill -STOP "$pid" 2>/dev/null
        all="$(cat "/proc/$pid/task/$pid/children" 2>/dev/null) $pid"
        for one in $all; do kill -KILL "$one" 2>/dev/null; done
        wait "$pid" 2>/dev/null
        for one in $all; do
          while kill -0 "$one" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$one/status" 2>/dev/null; do sleep 0.01; done
        done
        [ "$told" = kill ] || rm -rf "$folder"
        """;
}
