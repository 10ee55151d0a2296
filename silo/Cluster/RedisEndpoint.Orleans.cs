using Reco.Adapters.Redis;
using Reco.Silo.Options;
using StackExchange.Redis;

namespace Reco.Silo.Cluster;

/// <summary>The section "Redis" in the words of the client that Orleans uses.</summary>
internal static class RedisEndpoint
{
    public static ConfigurationOptions Of(IConfiguration configuration)
    {
        var options = new RedisOptions();
        configuration.GetSection(RedisOptions.Section).BindStrictly(options);
        var client = new ConfigurationOptions
        {
            EndPoints = { options.Endpoint },
            User = NullIfEmpty(options.User),
            Password = options.Password,
            DefaultDatabase = options.Database,
            Ssl = options.Tls,
            SslHost = NullIfEmpty(options.TlsHost),
            AbortOnConnectFail = false, // It goes on trying; each operation fails until then.
            ConnectTimeout = (int)(options.ConnectTimeoutSeconds * 1_000),
            ClientName = $"{options.ClientName}-cluster",
        };
        if (options.TlsCaFile.Length > 0)
        {
            client.TrustIssuer(options.TlsCaFile);
        }

        if (options.TlsCertificateFile.Length > 0)
        {
            client.SetUserPemCertificate(options.TlsCertificateFile, NullIfEmpty(options.TlsKeyFile));
        }

        return client;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
