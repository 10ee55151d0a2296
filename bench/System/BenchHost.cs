using Microsoft.AspNetCore.Builder;
using Reco.Silo.Hosting;

namespace Reco.Bench.System;

/// <summary>The whole system in this process, on a folder of its own and any free port, quiet.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private BenchHost(DirectoryInfo folder, WebApplication app) => (_folder, App) = (folder, app);

    public WebApplication App { get; }

    public Uri Address => new(App.Urls.First());

    public static BenchHost Create(IReadOnlyDictionary<string, string?> settings, DirectoryInfo? folder = null)
    {
        folder ??= Directory.CreateTempSubdirectory("reco-bench-");
        var all = new Dictionary<string, string?>(settings)
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Embedded:DataFolder"] = folder.FullName,
            ["Logging:LogLevel:Default"] = "Warning",
            ["Otlp:SummaryIntervalSeconds"] = "0",
        };
        return new BenchHost(folder, RecoApplication.Build(all));
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
