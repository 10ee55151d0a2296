using Reco.Adapters.Redis;

namespace Reco.Adapters.Tests.Redis;

public sealed class RedisOptionsTests
{
    public static TheoryData<string, Action<RedisOptions>> Broken => new()
    {
        { "Endpoint", o => o.Endpoint = "redis" },
        { "Endpoint", o => o.Endpoint = ":6379" },
        { "Endpoint", o => o.Endpoint = "redis:0" },
        { "Endpoint", o => o.Endpoint = "redis:65536" },
        { "Endpoint", o => o.Endpoint = "redis:+1" },
        { "Endpoint", o => o.Endpoint = "redis://host:6379" },
        { "Endpoint", o => o.Endpoint = "::1:6379" },
        { "Endpoint", o => o.Endpoint = "a b:6379" },
        { "User", o => o.User = "shop" },
        { "Database", o => o.Database = -1 },
        { "ClientName", o => o.ClientName = "two words" },
        { "TlsHost", o => o.TlsHost = "redis" },
        { "TlsCaFile", o => (o.Tls, o.TlsCaFile) = (true, "/nowhere/ca.pem") },
        { "TlsKeyFile", o => (o.Tls, o.TlsCertificateFile) = (true, "/nowhere/cert.pem") },
        { "ConnectTimeoutSeconds", o => o.ConnectTimeoutSeconds = 0 },
        { "CommandTimeoutSeconds", o => o.CommandTimeoutSeconds = double.NaN },
        { "ReconnectDelaySeconds", o => o.ReconnectDelaySeconds = 0 },
        { "ReconnectDelaySecondsMax", o => o.ReconnectDelaySecondsMax = 0.05 },
        { "QueueCommands", o => o.QueueCommands = 0 },
        { "QueueBytes", o => o.QueueBytes = 1 },
    };

    [Fact]
    public void Validate_Defaults_AreValidAndOff()
    {
        var options = new RedisOptions();
        Assert.True(new RedisOptionsValidator().Validate(null, options).Succeeded);
        Assert.Equal(("", "", null, 0, false), (options.Endpoint, options.User, options.Password, options.Database, options.Tls));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Validate_OneBrokenField_NamesIt(string field, Action<RedisOptions> breakIt)
    {
        var options = new RedisOptions();
        breakIt(options);
        var result = new RedisOptionsValidator().Validate(null, options);
        Assert.True(result.Failed);
        Assert.Contains(result.Failures, f => f.Contains(field, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1:6379", "127.0.0.1", 6379)]
    [InlineData("redis.shop.example:1", "redis.shop.example", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void ParseEndpoint_HostAndPort_AreThose(string text, string host, int port)
    {
        var endpoint = RedisOptions.ParseEndpoint(text)!;
        Assert.Equal((host, port), (endpoint.Host, endpoint.Port));
    }
}
