using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Reco.Testing;

namespace Reco.Adapters.Tests.Redis;

/// <summary>Encrypted, against a real redis-server, with an authority made for the test.</summary>
public sealed class RedisTlsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_AuthorityKnown_IsEncryptedAndUsable(bool asksForCertificate)
    {
        await using var redis = await TestRedis.StartAsync(new RedisServerOptions { Tls = MakeCertificates(asksForCertificate) });
        var connection = await redis.ReadyAsync(o =>
        {
            (o.Tls, o.TlsHost, o.TlsCaFile) = (true, "localhost", _folder.File("ca.pem"));
            if (asksForCertificate)
            {
                (o.TlsCertificateFile, o.TlsKeyFile) = (_folder.File("client.pem"), _folder.File("client.key"));
            }
        });

        Assert.True((await connection.DoAsync("SET", "key", new string('v', 300_000))).IsOk);
        Assert.Equal(300_000, (await connection.DoAsync("GET", "key")).Text.Length);
        await redis.Server.RestartAsync();
        await Deadline.Until(() => connection.Sessions == 2, "it comes back, encrypted");
    }

    [Fact]
    public async Task Connect_AuthorityUnknownOrOtherName_IsRefused()
    {
        await using var redis = await TestRedis.StartAsync(new RedisServerOptions { Tls = MakeCertificates(asksForCertificate: false) });
        var unknown = redis.Connect(o => (o.Tls, o.TlsHost) = (true, "localhost"));
        var otherName = redis.Connect(o => (o.Tls, o.TlsHost, o.TlsCaFile) = (true, "shop.example", _folder.File("ca.pem")));

        await Deadline.Until(() => unknown.Problem!.Contains("cannot be trusted", StringComparison.Ordinal), "the unknown authority");
        await Deadline.Until(() => otherName.Problem!.Contains("cannot be trusted", StringComparison.Ordinal), "the wrong name");
    }

    [Fact]
    public async Task Connect_PlainToAnEncryptedServer_EndsWithAProblem()
    {
        await using var redis = await TestRedis.StartAsync(new RedisServerOptions { Tls = MakeCertificates(asksForCertificate: false) });
        var connection = redis.Connect();
        await Deadline.Until(() => !connection.Problem!.Contains("not connected yet", StringComparison.Ordinal), "the refusal");
        Assert.False(connection.IsReady);
    }

    private RedisTlsFiles MakeCertificates(bool asksForCertificate)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Reco test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(_folder.File("ca.pem"), authority.ExportCertificatePem());
        foreach (var (name, serial) in (ReadOnlySpan<(string, byte)>)[("server", 1), ("client", 2)])
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var leaf = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            leaf.CertificateExtensions.Add(names.Build());
            using var certificate = leaf.Create(authority, now.AddDays(-1), now.AddHours(23), [serial]);
            File.WriteAllText(_folder.File($"{name}.pem"), certificate.ExportCertificatePem());
            File.WriteAllText(_folder.File($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        }

        return new RedisTlsFiles(_folder.File("ca.pem"), _folder.File("server.pem"), _folder.File("server.key"), asksForCertificate);
    }
}
