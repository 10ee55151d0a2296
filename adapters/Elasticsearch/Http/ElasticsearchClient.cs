using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Reco.Adapters.Elasticsearch.Http;

/// <summary>
/// Requests and answers of the REST API: logs in, waits and tries again when the server is busy or away, and reads no answer without a
/// bound. Everything that is sent through it may be sent twice: documents carry their ids. Safe to use from any thread.
/// </summary>
public sealed partial class ElasticsearchClient : IDisposable
{
    private const string Json = "application/json";
    private const string NdJson = "application/x-ndjson";
    private const int ReasonCharactersMax = 500;

    private readonly HttpClient _http;
    private readonly ElasticsearchOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Connects when it is first used.</summary>
    public ElasticsearchClient(ElasticsearchOptions options, TimeProvider time, ILogger<ElasticsearchClient> logger)
        : this(options, ElasticsearchTransport.Create(options), time, logger)
    {
    }

    internal ElasticsearchClient(ElasticsearchOptions options, HttpMessageHandler transport, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time;
        _logger = logger;
        _http = new HttpClient(transport) { BaseAddress = BaseAddress(options.Url), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));
        _http.DefaultRequestHeaders.Authorization = ElasticsearchTransport.Authorization(options);
    }

    /// <summary>Sends a request with a JSON body, or none.</summary>
    /// <exception cref="ElasticsearchException">No answer, or one that says no.</exception>
    internal Task<JsonElement> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken) =>
        SendAsync(method, path, body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body), Json, cancellationToken);

    /// <summary>Sends the lines of a bulk request.</summary>
    internal Task<JsonElement> SendLinesAsync(string path, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, lines, NdJson, cancellationToken);

    /// <summary>The answer; null when there is no such thing (404).</summary>
    internal async Task<JsonElement?> FindAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(method, path, null, cancellationToken);
        }
        catch (ElasticsearchException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? body, string contentType, CancellationToken cancellationToken)
    {
        for (var retry = 0; ; retry++)
        {
            var (answer, failure, serverAsks) = await TryAsync(method, path, body, contentType, cancellationToken);
            if (failure is null)
            {
                return answer;
            }

            if (!MayBeTriedAgain(failure) || retry == _options.RetriesMax)
            {
                throw failure;
            }

            var delay = RetryDelays.Before(retry, serverAsks, _options);
            LogRetry(method.Method, path, failure.Message, delay.TotalMilliseconds);
            await Task.Delay(delay, _time, cancellationToken);
        }
    }

    private async Task<(JsonElement Answer, ElasticsearchException? Failure, TimeSpan? ServerAsks)> TryAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? body, string contentType, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is { } bytes)
            {
                request.Content = new ReadOnlyMemoryContent(bytes);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var text = await BoundedBody.ReadAsync(response.Content, _options.ResponseBytesMax, either.Token);
            return response.IsSuccessStatusCode
                ? (Parse(text, method, path), null, null)
                : (default, Refusal(response.StatusCode, text, method, path), RetryAfter(response));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (default, Failure($"gave no answer within {_options.RequestTimeoutSeconds} s", null), null);
        }
        catch (HttpRequestException unreachable)
        {
            return (default, Failure($"cannot be reached: {unreachable.Message}", unreachable), null);
        }
        catch (IOException broken) when (broken is not ElasticsearchException)
        {
            return (default, Failure($"broke off its answer: {broken.Message}", broken), null);
        }

        ElasticsearchException Failure(string what, Exception? inner) =>
            new($"Elasticsearch at {_options.Url} {what}. ({method} {path})", inner: inner);
    }

    private static bool MayBeTriedAgain(ElasticsearchException failure) => failure.Status is null
        or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private JsonElement Parse(ReadOnlyMemory<byte> text, HttpMethod method, string path)
    {
        if (text.Length == 0)
        {
            return default;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException broken)
        {
            // An answer that is no JSON is another server's: asking again does not help.
            throw new ElasticsearchException(
                $"What answers at {_options.Url} is not Elasticsearch: {broken.Message} ({method} {path})", HttpStatusCode.OK, inner: broken);
        }
    }

    private ElasticsearchException Refusal(HttpStatusCode status, ReadOnlyMemory<byte> text, HttpMethod method, string path)
    {
        var (type, reason) = ErrorBody.Read(text);
        if (reason.Length == 0)
        {
            var plain = Encoding.UTF8.GetString(text.Span[..Math.Min(text.Length, ReasonCharactersMax)]);
            reason = plain.Length > 0 ? plain : "no reason given";
        }

        var hint = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? " Check Elasticsearch:Username and Password, or ApiKey."
            : "";
        return new ElasticsearchException(
            $"Elasticsearch at {_options.Url} answered {(int)status} to {method} {path}: {reason}.{hint}", status, type);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    /// <summary>With a slash at its end, or a path below the root would be lost.</summary>
    private static Uri BaseAddress(string url) => new(url.EndsWith('/') ? url : url + "/");

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} is sent again in {DelayMs} ms: {Reason}")]
    private partial void LogRetry(string method, string path, string reason, double delayMs);
}
