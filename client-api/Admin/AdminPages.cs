using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Reco.ClientApi.Admin;

/// <summary>Puts pages that are not ours, such as a dashboard, behind the admin key.</summary>
public static class AdminPages
{
    /// <summary>
    /// Everything under <paramref name="path"/> asks for the admin key. A browser is asked for a login: any name, and the key as password.
    /// </summary>
    public static void UseAdminGate(this WebApplication app, PathString path)
    {
        ArgumentNullException.ThrowIfNull(app);
        var gate = ActivatorUtilities.CreateInstance<AdminGate>(app.Services);
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase),
            guarded => guarded.Use(async (HttpContext context, RequestDelegate next) =>
            {
                if (gate.Refusal(context) is not { } refusal)
                {
                    await next(context);
                    return;
                }

                context.Response.Headers[HeaderNames.WWWAuthenticate] = "Basic realm=\"reco\"";
                await refusal.ExecuteAsync(context);
            }));
    }
}
