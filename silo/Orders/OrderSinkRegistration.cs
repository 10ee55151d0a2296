using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Reco.Adapters.Postgres.Orders;
using Reco.Silo.Health;
using Reco.Silo.Hosting;
using Reco.Silo.Options;

namespace Reco.Silo.Orders;

/// <summary>Adds the order sink to the silo.</summary>
internal static class OrderSinkRegistration
{
    /// <summary>
    /// Orders from purchases, when <c>ConnectionStrings:Postgres</c> says where to; without it nothing. After the catalogue, which sets
    /// PostgreSQL up.
    /// </summary>
    public static void AddOrderSinkWhenConfigured(this IServiceCollection services, IConfiguration configuration)
    {
        if (!CatalogueChoice.IsPostgresConfigured(configuration))
        {
            return;
        }

        services.AddPostgresOrders(OrderSink.DeadLettersKey);
        services.AddRecoOptions<OrderSinkOptions>(OrderSinkOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OrderSinkOptions>, OrderSinkGroupValidator>());
        services.AddSingleton<OrderMetrics>();
        services.AddSingleton<OrderSink>();
        services.AddHostedService(provider => provider.GetRequiredService<OrderSink>());
        services.AddHealthChecks().AddCheck<OrdersHealthCheck>("orders");
    }
}
