using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Reco.Adapters.Elasticsearch.Http;

/// <summary>Connections and credentials.</summary>
internal static class ElasticsearchTransport
{
    public static SocketsHttpHandler Create(ElasticsearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            AutomaticDecompression = DecompressionMethods.GZip,
            AllowAutoRedirect = false,
            UseCookies = false,

            // Looked up again now and then, so that a cluster that moved is found.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (options.CaCertificatePath.Length > 0)
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(options.CaCertificatePath);
            handler.SslOptions.CertificateChainPolicy = Trust(trusted);
        }

        return handler;
    }

    public static AuthenticationHeaderValue? Authorization(ElasticsearchOptions options) => options switch
    {
        { ApiKey.Length: > 0 } => new AuthenticationHeaderValue("ApiKey", options.ApiKey),
        { Username.Length: > 0 } => new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Username}:{options.Password}"))),
        _ => null,
    };

    /// <summary>These certificates and no others; the name is still checked.</summary>
    private static X509ChainPolicy Trust(X509Certificate2Collection trusted)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(trusted);
        return policy;
    }
}
