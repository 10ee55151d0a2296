using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reco.GrainInterfaces;

namespace Reco.Workload.Tests.Support;

/// <summary>The two endpoints of the system, on a free loopback port: reads events by the system's own rules and records them in order.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<ShopEvent> _events = [];
    private readonly List<JsonElement> _products = [];
    private readonly List<int> _batches = [];
    private readonly HashSet<string> _usersInFlight = [];

    private StubServer(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    /// <summary>Asked before each POST is read, with its number from 1; anything but null is the answer.</summary>
    public Func<int, HttpContext, Task<IResult?>> BeforePost { get; set; } = (_, _) => Task.FromResult<IResult?>(null);

    /// <summary>Told after a POST was recorded and before it is answered.</summary>
    public Func<int, HttpContext, Task> AfterPost { get; set; } = (_, _) => Task.CompletedTask;

    public int Posts { get; private set; }

    /// <summary>Every event that was recorded, repeated ones too.</summary>
    public IReadOnlyList<ShopEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public IReadOnlyList<JsonElement> Products
    {
        get
        {
            lock (_gate)
            {
                return [.. _products];
            }
        }
    }

    public IReadOnlyList<int> Batches
    {
        get
        {
            lock (_gate)
            {
                return [.. _batches];
            }
        }
    }

    /// <summary>A user had two requests in flight at once, which could have turned the events' order round.</summary>
    public bool SawUserTwiceInFlight { get; private set; }

    public static async Task<StubServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new StubServer(app);
        app.MapPost("/events", (Delegate)server.PostAsync);
        app.MapPut("/admin/products", (Delegate)server.PutAsync);
        await app.StartAsync();
        server.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/");
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> PostAsync(HttpContext context)
    {
        int number;
        lock (_gate)
        {
            number = ++Posts;
        }

        if (await BeforePost(number, context) is { } refusal)
        {
            return refusal;
        }

        using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var good = new List<ShopEvent>();
        var rejected = new List<object>();
        var index = 0;
        foreach (var element in body.RootElement.EnumerateArray())
        {
            var utf8 = JsonSerializer.SerializeToUtf8Bytes(element);
            if (ShopEventJson.TryRead(utf8, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), null, out var shopEvent, out var fault))
            {
                good.Add(shopEvent);
            }
            else
            {
                rejected.Add(new { index, field = fault.Field, error = fault.Error });
            }

            index++;
        }

        if (index is 0 or > 1_000 || context.Request.ContentLength > 1024 * 1024)
        {
            return Results.Problem("1 to 1,000 events, 1 MiB", statusCode: StatusCodes.Status400BadRequest);
        }

        var users = good.Select(e => e.UserId).ToHashSet();
        lock (_gate)
        {
            SawUserTwiceInFlight |= _usersInFlight.Overlaps(users);
            _usersInFlight.UnionWith(users);
        }

        // Other requests get their turn here, so that two in flight with the same user would be seen.
        await Task.Yield();
        lock (_gate)
        {
            _events.AddRange(good);
            _batches.Add(index);
            _usersInFlight.ExceptWith(users);
        }

        await AfterPost(number, context);
        return Results.Json(new { accepted = good.Count, rejected }, statusCode: StatusCodes.Status202Accepted);
    }

    private async Task<IResult> PutAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var products = body.RootElement.GetProperty("products");
        if (products.GetArrayLength() is 0 or > 1_000)
        {
            return Results.Problem("1 to 1,000 products", statusCode: StatusCodes.Status400BadRequest);
        }

        lock (_gate)
        {
            _products.AddRange(products.EnumerateArray().Select(p => p.Clone()));
        }

        return Results.Json(new { upserted = products.GetArrayLength() });
    }
}
