using Microsoft.Extensions.Options;
using Reco.ClientApi;
using Reco.Core.Ports;

namespace Reco.Silo.Hosting;

/// <summary>The whole system as one web application: log, grains, ingest, training, generator and REST gateway.</summary>
public static class RecoApplication
{
    /// <summary>
    /// Puts it together; nothing runs before it is started. <paramref name="settings"/> win over environment and appsettings.json,
    /// which lies beside the program.
    /// </summary>
    /// <exception cref="OptionsValidationException">A setting does not go with the role.</exception>
    public static WebApplication Build(
        IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection>? configure = null, RecoRole role = RecoRole.Silo)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        try
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.AddReco(role);
            configure?.Invoke(builder.Services);
            var app = builder.Build();
            app.MapRecoApi();
            app.MapGrainHost();
            return app;
        }
        catch
        {
            // What was not built is not disposed of by anybody else, and its settings file would be watched for good.
            ((IDisposable)builder.Configuration).Dispose();
            throw;
        }
    }

    /// <summary>Everything that can refuse the start for a reason that the operator can mend, before anything runs.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    /// <exception cref="EventLogException">The event log cannot be opened.</exception>
    /// <exception cref="IOException">Another store cannot be opened.</exception>
    public static void Check(WebApplication app)
    {
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.Services.GetRequiredService<IEventLog>();
    }
}
