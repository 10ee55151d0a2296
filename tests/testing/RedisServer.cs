using System.Diagnostics;
using System.Globalization;

namespace Reco.Testing;

/// <summary>
/// A private redis-server on a free loopback port and a folder of its own. It ends with this process, however that ends: a shell in between
/// holds the other end of a pipe and kills it when the pipe closes.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "redis-server";
    private const int PortTries = 5;

    /// <summary>Redis reads nothing from the pipe: it runs in the background, where a shell gives it /dev/null. "cat" waits for the end of the pipe.</summary>
    private const string Script = """
        "$@" & server=$!
        echo "pid $server"
        cat >/dev/null
        kill -9 $server 2>/dev/null
        wait $server 2>/dev/null
        """;

    private readonly DirectoryInfo _folder;
    private readonly RedisServerOptions _options;
    private Process? _shell;
    private int _pid;

    private RedisServer(DirectoryInfo folder, RedisServerOptions options) => (_folder, _options) = (folder, options);

    /// <summary>Whether the operating system has it.</summary>
    private static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, Program)));

    /// <summary>Skips the test where it is not installed; under CI=true that is a failure.</summary>
    public static void Require()
    {
        if (!IsInstalled)
        {
            TestService.Missing("redis-server is not installed (apt-get install redis-server)");
        }
    }

    public int Port { get; private set; }

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts one and waits until it takes connections.</summary>
    public static async Task<RedisServer> StartAsync(RedisServerOptions? options = null)
    {
        var server = new RedisServer(Directory.CreateTempSubdirectory("reco-redis-"), options ?? new RedisServerOptions());
        try
        {
            for (var tries = 1; ; tries++)
            {
                // Between finding a free port and listening on it another process may take it.
                server.Port = LoopbackPort.Free();
                if (await server.LaunchAsync())
                {
                    return server;
                }

                if (tries == PortTries)
                {
                    throw new InvalidOperationException($"{Program} did not start:\n{server.ReadLog()}");
                }
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL. What was not saved is gone (nothing is saved, unless it is durable), and so are its connections.</summary>
    public async Task KillAsync()
    {
        if (_shell is null)
        {
            return;
        }

        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync().Within($"{Program} is killed");
        _shell.Dispose();
        _shell = null;
    }

    /// <summary>SIGSTOP: connections stay open and nothing is answered.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>On the same port, empty unless it is durable; kills the running one first.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        if (!await LaunchAsync())
        {
            throw new InvalidOperationException($"{Program} did not start again on port {Port}:\n{ReadLog()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>False when it ended, because the port was taken, say.</summary>
    private async Task<bool> LaunchAsync()
    {
        File.Delete(LogFile);
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", Program, .. Arguments()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.FullName,
        };
        _shell = Process.Start(start)!;
        var line = await _shell.StandardOutput.ReadLineAsync().Within($"{Program} has a process");
        _pid = int.Parse(line!["pid ".Length..], CultureInfo.InvariantCulture);
        await Deadline.Until(() => ReadLog() is var log && (IsListening(log) || HasEnded(log)), $"{Program} takes connections");
        if (IsListening(ReadLog()))
        {
            return true;
        }

        await KillAsync();
        return false;
    }

    private static bool IsListening(string log) => log.Contains("Ready to accept connections", StringComparison.Ordinal);

    private bool HasEnded(string log) =>
        log.Contains("aborting", StringComparison.Ordinal) || log.Contains("FATAL", StringComparison.Ordinal) || !File.Exists($"/proc/{_pid}/exe");

    private IEnumerable<string> Arguments()
    {
        foreach (var (name, value) in Settings())
        {
            yield return $"--{name}";

            // Of an ACL each word is an argument; nothing else here has a space but paths, which are one.
            foreach (var word in name == "user" ? value.Split(' ') : [value])
            {
                yield return word;
            }
        }
    }

    private IEnumerable<(string Name, string Value)> Settings()
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        yield return ("bind", "127.0.0.1");
        yield return ("port", _options.Tls is null ? port : "0");
        yield return ("dir", _folder.FullName);
        yield return ("logfile", LogFile);
        yield return ("save", "");
        yield return ("appendonly", _options.IsDurable ? "yes" : "no");
        if (_options.IsDurable)
        {
            yield return ("appendfsync", "always");
        }

        if (_options.Password is { } password)
        {
            yield return ("requirepass", password);
        }

        if (_options.AclUser is { } user)
        {
            yield return ("user", user);
        }

        if (_options.MaxMemoryBytes is { } bytes)
        {
            yield return ("maxmemory", bytes.ToString(CultureInfo.InvariantCulture));
            yield return ("maxmemory-policy", "noeviction");
        }

        if (_options.Tls is { } tls)
        {
            yield return ("tls-port", port);
            yield return ("tls-cert-file", tls.CertificateFile);
            yield return ("tls-key-file", tls.KeyFile);
            yield return ("tls-ca-cert-file", tls.AuthorityFile);
            yield return ("tls-auth-clients", tls.AskClients ? "yes" : "no");
        }
    }

    private string LogFile => Path.Combine(_folder.FullName, "redis.log");

    private string ReadLog() => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().Within($"kill -{name}");
    }
}

/// <summary>What a test wants of its server.</summary>
public sealed record RedisServerOptions
{
    /// <summary>Of the default user; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>One more user in ACL syntax, such as "shop on &gt;secret ~* +@all".</summary>
    public string? AclUser { get; init; }

    /// <summary>Beyond it writes are refused (OOM); null for no bound.</summary>
    public long? MaxMemoryBytes { get; init; }

    /// <summary>Each command is on disk before it is answered, so that a restart finds everything; otherwise it finds nothing.</summary>
    public bool IsDurable { get; init; }

    /// <summary>TLS instead of plain connections.</summary>
    public RedisTlsFiles? Tls { get; init; }
}

/// <summary>PEM files of a server that speaks TLS.</summary>
public sealed record RedisTlsFiles(string AuthorityFile, string CertificateFile, string KeyFile, bool AskClients = false);
