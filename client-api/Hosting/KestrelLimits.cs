using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Reco.ClientApi.Hosting;

/// <summary>Bounds at the socket.</summary>
public static class KestrelLimits
{
    /// <summary>Applies the gateway's bounds: call it in the host's ConfigureKestrel.</summary>
    public static KestrelServerOptions LimitForRecoApi(this KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        // Twice what the gateway takes, so that a body somewhat too large gets the gateway's own 413 with its sentence.
        options.Limits.MaxRequestBodySize = 2L * Bodies.PooledBody.BytesMax;
        options.Limits.MaxConcurrentConnections = 10_000;
        options.Limits.MaxRequestHeaderCount = 64;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        return options;
    }
}
