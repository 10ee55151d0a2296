using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace Reco.Adapters.Redis;

/// <summary>The serving cache in Redis. Section "Redis"; switched on by <see cref="Endpoint"/>.</summary>
public sealed class RedisOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Redis";

    /// <summary>"host:port" of one server (not of a Redis Cluster): switches the serving cache from memory to Redis. Empty: off.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>User to log in as (ACL, Redis 6 and later); empty for the default user.</summary>
    public string User { get; set; } = "";

    /// <summary>Password to log in with; null for none. Secret.</summary>
    public string? Password { get; set; }

    /// <summary>Number of the database.</summary>
    [Range(0, 16_383)]
    public int Database { get; set; }

    /// <summary>What the connection is called in CLIENT LIST.</summary>
    [Required, RegularExpression("^[!-~]{1,64}$")]
    public string ClientName { get; set; } = "reco";

    /// <summary>Whether the connection is encrypted.</summary>
    public bool Tls { get; set; }

    /// <summary>The name that the server's certificate must have; empty for the endpoint's host.</summary>
    public string TlsHost { get; set; } = "";

    /// <summary>PEM file of the authorities that the server's certificate is checked against; empty for the system's.</summary>
    public string TlsCaFile { get; set; } = "";

    /// <summary>PEM file of our own certificate, for a server that asks for one (tls-auth-clients); empty for none.</summary>
    public string TlsCertificateFile { get; set; } = "";

    /// <summary>PEM file of that certificate's key.</summary>
    public string TlsKeyFile { get; set; } = "";

    /// <summary>How long connecting may take, TLS and login included.</summary>
    [Range(0.01, 300)]
    public double ConnectTimeoutSeconds { get; set; } = 5;

    /// <summary>How long an answer may take. One that is missing by then costs the connection: the ones behind it cannot come either.</summary>
    [Range(0.01, 300)]
    public double CommandTimeoutSeconds { get; set; } = 2;

    /// <summary>First wait before connecting again; it doubles from failure to failure, each wait varied by a random half.</summary>
    [Range(0.001, 60)]
    public double ReconnectDelaySeconds { get; set; } = 0.1;

    /// <summary>Longest wait before connecting again.</summary>
    [Range(0.001, 600)]
    public double ReconnectDelaySecondsMax { get; set; } = 5;

    /// <summary>Commands that may be unanswered; what comes then is refused at once (policy: refuse the newest).</summary>
    [Range(1, 10_000_000)]
    public int QueueCommands { get; set; } = 100_000;

    /// <summary>Bytes that may wait for the socket; what comes then is refused likewise.</summary>
    [Range(64 << 10, 1 << 30)]
    public int QueueBytes { get; set; } = 64 << 20;

    internal TimeSpan ConnectTimeout => TimeSpan.FromSeconds(ConnectTimeoutSeconds);

    internal TimeSpan CommandTimeout => TimeSpan.FromSeconds(CommandTimeoutSeconds);

    /// <summary>Host and port of "host:port", "1.2.3.4:6379" or "[::1]:6379"; null when it is none of them.</summary>
    internal static DnsEndPoint? ParseEndpoint(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65_535)
        {
            return null;
        }

        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
        {
            host = inner;
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            return null;
        }

        return Uri.CheckHostName(host) == UriHostNameType.Unknown ? null : new DnsEndPoint(host, port);
    }
}

/// <summary>Checks every option, and what depends on two of them.</summary>
public sealed class RedisOptionsValidator : IValidateOptions<RedisOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true);
        var faults = found.Select(f => $"Redis: {f.ErrorMessage}").ToList();
        if (options.Endpoint.Length > 0 && RedisOptions.ParseEndpoint(options.Endpoint) is null)
        {
            faults.Add($"Redis:Endpoint '{options.Endpoint}' is not host:port, such as 127.0.0.1:6379.");
        }

        if (options.User.Length > 0 && string.IsNullOrEmpty(options.Password))
        {
            faults.Add("Redis:User needs Redis:Password: Redis logs nobody in by name alone.");
        }

        if (options.ReconnectDelaySecondsMax < options.ReconnectDelaySeconds)
        {
            faults.Add("Redis:ReconnectDelaySecondsMax must not be below ReconnectDelaySeconds.");
        }

        if (options.TlsCertificateFile.Length > 0 != options.TlsKeyFile.Length > 0)
        {
            faults.Add("Redis:TlsCertificateFile and Redis:TlsKeyFile go together.");
        }

        if (!options.Tls && (options.TlsHost + options.TlsCaFile + options.TlsCertificateFile).Length > 0)
        {
            faults.Add("Redis:TlsHost, TlsCaFile and TlsCertificateFile say how, but Redis:Tls is false: set it to true.");
        }

        faults.AddRange(
            from file in ((string Key, string Path)[])[("TlsCaFile", options.TlsCaFile), ("TlsCertificateFile", options.TlsCertificateFile), ("TlsKeyFile", options.TlsKeyFile)]
            where file.Path.Length > 0 && !File.Exists(file.Path)
            select $"Redis:{file.Key} '{file.Path}' is not there.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
