using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Reco.Adapters.Redis.Resp;

namespace Reco.Adapters.Redis;

/// <summary>Makes a session: socket, TLS, login, database.</summary>
internal sealed class RedisDialer(RedisOptions options, RedisMetrics metrics, TimeProvider time)
{
    /// <summary>A session that answers commands, within the connect timeout.</summary>
    /// <exception cref="RedisException">There is none, and the message says why.</exception>
    public async Task<RedisSession> DialAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Socket? socket = null;
        RedisSession? session = null;
        try
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(RedisOptions.ParseEndpoint(options.Endpoint)!, either.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls)
            {
                stream = await EncryptAsync(stream, either.Token);
            }

            session = new RedisSession(stream, options, metrics, time);
            session.Start();
            await GreetAsync(session).WaitAsync(either.Token);
            return session;
        }
        catch (Exception failure)
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }

            socket?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw failure as RedisException ?? new RedisException(RedisFault.NotConnected, Describe(failure, timeout.IsCancellationRequested), failure);
        }
    }

    private string Describe(Exception failure, bool timedOut) => timedOut
        ? $"Redis at {options.Endpoint} did not take the connection within {options.ConnectTimeoutSeconds} s (Redis:ConnectTimeoutSeconds)."
        : failure is System.Security.Authentication.AuthenticationException
            ? $"Redis at {options.Endpoint} cannot be trusted: {failure.Message} Check Redis:TlsCaFile and Redis:TlsHost."
            : $"Redis at {options.Endpoint} cannot be reached: {failure.Message}";

    private async Task<Stream> EncryptAsync(Stream plain, CancellationToken cancellationToken)
    {
        var tls = new SslStream(plain);
        var authentication = new SslClientAuthenticationOptions
        {
            TargetHost = options.TlsHost.Length > 0 ? options.TlsHost : RedisOptions.ParseEndpoint(options.Endpoint)!.Host,
        };
        if (options.TlsCaFile.Length > 0)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(options.TlsCaFile);
            authentication.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,

                // A private authority publishes no lists.
                RevocationMode = X509RevocationMode.NoCheck,
            };
            authentication.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (options.TlsCertificateFile.Length > 0)
        {
            authentication.ClientCertificates = [X509Certificate2.CreateFromPemFile(options.TlsCertificateFile, options.TlsKeyFile)];
        }

        await tls.AuthenticateAsClientAsync(authentication, cancellationToken);
        return tls;
    }

    /// <summary>Logs in and asks whether commands are answered. Being named is a courtesy: a user without the permission goes unnamed.</summary>
    private async Task GreetAsync(RedisSession session)
    {
        using var greeting = new RespWriter();
        var needed = new List<bool>();
        if (!string.IsNullOrEmpty(options.Password))
        {
            if (options.User.Length > 0)
            {
                greeting.Command("AUTH"u8, 2).Argument(options.User).Argument(options.Password);
            }
            else
            {
                greeting.Command("AUTH"u8, 1).Argument(options.Password);
            }

            needed.Add(true);
        }

        if (options.Database != 0)
        {
            greeting.Command("SELECT"u8, 1).Argument(options.Database);
            needed.Add(true);
        }

        greeting.Command("CLIENT"u8, 2).Argument("SETNAME"u8).Argument(options.ClientName);
        needed.Add(false);

        // PING is answered LOADING while the data is read, and NOAUTH by a server that wants a password.
        greeting.Command("PING"u8, 0);
        needed.Add(true);
        var replies = (await session.SendAsync(greeting, keepReplies: true)).All;
        foreach (var (reply, isNeeded) in replies.Zip(needed))
        {
            if (reply.IsError && isNeeded && RedisException.Of(reply) is { Fault: not RedisFault.NoPermission } refused)
            {
                throw refused;
            }
        }
    }
}
