using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Reco.Adapters.Embedded.Cache;
using Reco.ClientApi.Admin;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Live;
using Reco.ClientApi.Problems;
using Reco.ClientApi.Searching;
using Reco.ClientApi.Serving;
using Reco.Core.Serving;

namespace Reco.ClientApi;

/// <summary>Registers the REST gateway.</summary>
public static class RecoApiServices
{
    /// <summary>
    /// What the gateway needs besides: <c>IGrainFactory</c>, <c>ICatalogue</c>, <c>ISearchIndex</c> and <c>IEventLog</c>, and the host's
    /// health checks (one tagged "live" decides /health/live, all of them /health/ready). Without an <c>IServingCache</c> it keeps one in memory.
    /// </summary>
    public static IServiceCollection AddRecoApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<ApiOptions>(configuration.GetSection(ApiOptions.Section));
        services.AddValidated<AdminOptions>(configuration.GetSection(AdminOptions.Section));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PersonalSearch>();
        services.AddSingleton<LiveClients>();
        services.AddSingleton<LiveFeed>();
        services.AddRecommendationReader(configuration.GetSection(ServingCacheOptions.Section));
        services.ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            json.PropertyNamingPolicy = ApiJson.Default.Options.PropertyNamingPolicy;
            json.NumberHandling = ApiJson.Default.Options.NumberHandling;
            foreach (var converter in ApiJson.Default.Options.Converters)
            {
                json.Converters.Add(converter);
            }

            json.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<ApiOptions>>(
            (timeouts, api) => timeouts.DefaultPolicy = TimeoutPolicy(TimeSpan.FromSeconds(api.Value.RequestTimeoutSeconds)));
        services.AddHealthChecks();
        services.AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Reco";
            document.Info.Description = "Recommendations that follow the shopper. Errors are problem+json (RFC 9457); names are snake_case.";
            return Task.CompletedTask;
        }));
        return services;
    }

    private static RequestTimeoutPolicy TimeoutPolicy(TimeSpan timeout) => new()
    {
        Timeout = timeout,
        WriteTimeoutResponse = context => Problem.Of(
            StatusCodes.Status504GatewayTimeout,
            "The answer took too long. Try again shortly; GET /health/ready says how the system is.",
            retryAfterSeconds: 1).ExecuteAsync(context),
    };

    /// <summary>On the serving cache that the host has registered, or on one in memory.</summary>
    private static void AddRecommendationReader(this IServiceCollection services, IConfigurationSection section)
    {
        services.AddValidated<ServingCacheOptions>(section);
        services.AddEmbeddedServingCache();
        services.TryAddSingleton<ServingMetrics>();
        services.AddSingleton<ServingWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<ServingWriter>());
        services.AddSingleton<HeldAnswers>();
        services.AddSingleton<RecommendationReader>();
    }

    private static void AddValidated<TOptions>(this IServiceCollection services, IConfigurationSection section)
        where TOptions : class =>
        services.AddOptions<TOptions>()
            .Bind(section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
}
