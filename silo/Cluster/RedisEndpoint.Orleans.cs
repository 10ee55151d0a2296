using StackExchange.Redis;

namespace Reco.Silo.Cluster;

/// <summary>The section "Redis" in the words of the client that Orleans uses.</summary>
internal static class RedisEndpoint
{
    public static ConfigurationOptions Of(IConfiguration configuration)
    {
        var section = configuration.GetSection("Redis");
        return new ConfigurationOptions
        {
            EndPoints = { section["Endpoint"]! },
            User = section["User"],
            Password = section["Password"],
            DefaultDatabase = section.GetValue("Database", 0),
            Ssl = section.GetValue("Tls", false),
            AbortOnConnectFail = false, // It goes on trying; each operation fails until then.
            ConnectTimeout = 2_000,
            ClientName = "reco-cluster",
        };
    }
}
