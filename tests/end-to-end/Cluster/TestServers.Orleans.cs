using Reco.Testing;

namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>What clusters keep their list and state in.</summary>
internal static class TestServers
{
    /// <summary>A Redis that keeps what it was told over a restart, as a cluster's must.</summary>
    public static Task<RedisServer> RedisAsync()
    {
        RedisServer.Require();
        return RedisServer.StartAsync(new RedisServerOptions { IsDurable = true });
    }
}
