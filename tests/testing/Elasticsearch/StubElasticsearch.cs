using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Reco.Testing.Elasticsearch;

/// <summary>
/// A server that takes the calls Reco makes of Elasticsearch and no others. It checks method, path, parameters and every field of the body against
/// the documented REST API, and refuses what Elasticsearch would refuse, in its words; and it runs the searches: analyzers, BM25, prefixes,
/// typos, filters, aggregations, sort and paging, by the request that came. Documents are visible after a refresh only.
/// It is no Elasticsearch: what it leaves out, it refuses.
/// </summary>
public sealed class StubElasticsearch : IAsyncDisposable
{
    private readonly ConcurrentQueue<StubRequest> _requests = new();
    private readonly List<StubFault> _faults = [];
    private readonly Lock _turn = new();
    private readonly WebApplication _app;
    private readonly StubRoutes _routes;

    private StubElasticsearch(WebApplication app)
    {
        _app = app;
        _routes = new StubRoutes(new StubCluster(), _turn, id => BusyFor?.Invoke(id) == true);
    }

    /// <summary>Where it listens.</summary>
    public string Url => _app.Urls.First();

    /// <summary>What arrived, in order.</summary>
    public IReadOnlyCollection<StubRequest> Requests => _requests;

    /// <summary>Authorization header that is wanted; null wants none.</summary>
    public string? Authorization { get; set; }

    /// <summary>Documents that a bulk request is too busy for, each time it is asked.</summary>
    public Func<string, bool>? BusyFor { get; set; }

    /// <summary>Starts it on a free port of this machine.</summary>
    public static async Task<StubElasticsearch> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 100 << 20);
        var app = builder.Build();
        var stub = new StubElasticsearch(app);
        app.Run(stub.AnswerAsync);
        await app.StartAsync();
        return stub;
    }

    /// <summary>The next requests that match are answered so, and go no further.</summary>
    public void Fail(Func<StubRequest, bool> which, int times, Func<HttpContext, Task> answer)
    {
        lock (_turn)
        {
            _faults.Add(new StubFault(which, answer) { Left = times });
        }
    }

    /// <summary>The next requests that match are answered with this status and text.</summary>
    public void Fail(Func<StubRequest, bool> which, int times, int status, string text, string? retryAfter = null) =>
        Fail(which, times, async context =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null)
            {
                context.Response.Headers.RetryAfter = retryAfter;
            }

            await context.Response.WriteAsync(text, context.RequestAborted);
        });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = new StubRequest(
            context.Request.Method,
            context.Request.Path.Value ?? "/",
            context.Request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString()),
            context.Request.ContentType,
            body.ToArray());
        _requests.Enqueue(request);
        if (FaultFor(request) is { } fault)
        {
            await fault(context);
            return;
        }

        var (status, answer) = Authorization is { } wanted && context.Request.Headers.Authorization != wanted
            ? (401, Error(401, "security_exception", "unable to authenticate user"))
            : Run(request);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers["X-elastic-product"] = "Elasticsearch";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private (int Status, JsonObject Answer) Run(StubRequest request)
    {
        try
        {
            return (200, _routes.Run(request));
        }
        catch (StubError refused)
        {
            return (refused.Status, Error(refused.Status, refused.Type, refused.Message));
        }
    }

    private Func<HttpContext, Task>? FaultFor(StubRequest request)
    {
        lock (_turn)
        {
            var fault = _faults.Find(one => one.Left > 0 && one.Which(request));
            if (fault is not null)
            {
                fault.Left--;
            }

            return fault?.Answer;
        }
    }

    private static JsonObject Error(int status, string type, string reason) => new()
    {
        ["error"] = new JsonObject
        {
            ["root_cause"] = new JsonArray(new JsonObject { ["type"] = type, ["reason"] = reason }),
            ["type"] = type,
            ["reason"] = reason,
        },
        ["status"] = status,
    };

    private sealed record StubFault(Func<StubRequest, bool> Which, Func<HttpContext, Task> Answer)
    {
        public int Left { get; set; }
    }
}
