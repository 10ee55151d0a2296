using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Reco.ClientApi.Problems;

namespace Reco.ClientApi.Admin;

/// <summary>Lets in whoever knows the key; without a key, only calls from this machine.</summary>
internal sealed class AdminGate(IOptions<AdminOptions> options) : IEndpointFilter
{
    public const string Header = "X-Admin-Key";

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Refusal(context.HttpContext) is { } refusal ? ValueTask.FromResult<object?>(refusal) : next(context);

    /// <summary>What to answer instead; null lets the call in.</summary>
    public ProblemResult? Refusal(HttpContext context)
    {
        if (options.Value.Key is { Length: > 0 } key)
        {
            return Knows(key, context.Request.Headers[Header].ToString()) || Knows(key, PasswordOf(context.Request))
                ? null
                : Problem.Of(StatusCodes.Status401Unauthorized, $"Send the key that is configured as Admin:Key in the header {Header}.");
        }

        return IsLocal(context)
            ? null
            : Problem.Of(
                StatusCodes.Status403Forbidden,
                $"Without a key this answers calls from its own machine only. Configure Admin:Key and send it in the header {Header}.");
    }

    /// <summary>The key as the password of a basic login, which is what a browser can send; empty when there is none.</summary>
    private static string PasswordOf(HttpRequest request)
    {
        const string Basic = "Basic ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return "";
        }

        var login = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), login, out var length))
        {
            return "";
        }

        var text = Encoding.UTF8.GetString(login, 0, length);
        return text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? text[(colon + 1)..] : "";
    }

    /// <summary>Compares digests, so that time tells neither the key's length nor where the first difference is.</summary>
    private static bool Knows(string key, string offered) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(key)), SHA256.HashData(Encoding.UTF8.GetBytes(offered)));

    /// <summary>No address: in-process (a test server). A forwarded call comes from somewhere else, though the proxy may be local.</summary>
    private static bool IsLocal(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded"))
        {
            return false;
        }

        return context.Connection.RemoteIpAddress is not { } remote
            || IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote);
    }
}
