using Reco.Testing;

namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>What clusters keep their list and state in.</summary>
internal static class TestServers
{
    /// <summary>A Redis that keeps what it was told over a restart, as a cluster's must.</summary>
    public static Task<RedisServer> RedisAsync()
    {
        if (!RedisServer.IsInstalled)
        {
            TestService.Missing("redis-server is not installed: apt-get install redis-server");
        }

        return RedisServer.StartAsync(new RedisServerOptions { IsDurable = true });
    }
}
