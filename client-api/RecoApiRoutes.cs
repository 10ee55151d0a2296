using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reco.ClientApi.Admin;
using Reco.ClientApi.Endpoints;
using Reco.ClientApi.Problems;

namespace Reco.ClientApi;

/// <summary>Maps the REST gateway.</summary>
public static class RecoApiRoutes
{
    /// <summary>The middleware and every endpoint.</summary>
    public static WebApplication MapRecoApi(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRequestTimeouts();
        app.MapRecommendations().MapRankings().MapSearch().MapProducts().MapUserStats().MapEvents().MapLive();
        app.MapGroup("/admin").WithTags("Administration").AddEndpointFilter<RouteGroupBuilder, AdminGate>().MapModel().MapCatalogue();
        app.MapTuning().MapHealth().MapIndex().MapOpenApi();
        return app;
    }
}
