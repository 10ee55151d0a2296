using System.Globalization;

namespace Reco.Testing;

/// <summary>How a test's PostgreSQL is set up.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>
    /// Wait for the disk at commit. Off, a commit is still handed to the operating system before it is answered, so that kill -9 of the server
    /// loses nothing; only a crash of the machine would.
    /// </summary>
    public bool Fsync { get; init; }

    /// <summary>shared_buffers.</summary>
    public int SharedBuffersMb { get; init; } = 256;

    /// <summary>max_connections.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>More settings by name, which win.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    internal IEnumerable<string> Arguments(int port)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
            ["fsync"] = Fsync ? "on" : "off",
            ["full_page_writes"] = Fsync ? "on" : "off",
            ["shared_buffers"] = string.Create(CultureInfo.InvariantCulture, $"{SharedBuffersMb}MB"),
            ["max_connections"] = MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["max_wal_size"] = "2GB",
            ["timezone"] = "UTC",
            ["log_min_messages"] = "warning",
        };
        foreach (var (name, value) in Settings)
        {
            settings[name] = value;
        }

        return settings.SelectMany(setting => (string[])["-c", $"{setting.Key}={setting.Value}"]);
    }
}
