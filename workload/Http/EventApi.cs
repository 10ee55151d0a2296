using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Reco.Core.Catalogue;

namespace Reco.Workload.Http;

/// <summary>An event that the server refused.</summary>
/// <param name="Index">Place in the request.</param>
/// <param name="Field">Field at fault; empty for the whole event.</param>
/// <param name="Error">The rule it breaks.</param>
public sealed record Rejection(int Index, string Field, string Error);

/// <summary>The answer to a batch: what is durable now, and what will never be.</summary>
public sealed record PostAnswer(int Accepted, IReadOnlyList<Rejection> Rejected);

/// <summary>An attempt failed and is made again.</summary>
/// <param name="What">Method and address.</param>
/// <param name="Reason">What went wrong.</param>
/// <param name="Attempt">Which attempt it was, from 1.</param>
/// <param name="Delay">Wait before the next.</param>
public sealed record RetryNotice(string What, string Reason, int Attempt, TimeSpan Delay)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{What}: {Reason}; attempt {Attempt}, again in {Delay.TotalSeconds:0.0} s");
}

/// <summary>
/// The part of the system's REST interface that a workload needs. Repeats what failed for the moment (no connection, time-out, 408,
/// 429, 5xx) with the same bytes: event ids and product ids make that harmless. Safe to use from any thread.
/// </summary>
public sealed class EventApi(HttpClient http, Uri server, RetryOptions retry, TimeProvider time, Action<RetryNotice>? onRetry = null)
{
    /// <summary>Most products in one request.</summary>
    public const int ProductsMax = 1_000;

    private const int DetailCharactersMax = 500;

    private readonly RetryDelays _delays = new(retry);
    private readonly Uri _events = new(server, "events");
    private readonly Uri _products = new(server, "admin/products");

    /// <summary>Posts a JSON array of events; they are durable when it completes.</summary>
    /// <exception cref="ApiUnavailableException">No answer for too long.</exception>
    /// <exception cref="ApiRefusedException">The server refuses the request as a whole.</exception>
    public async Task<PostAnswer> PostEventsAsync(ReadOnlyMemory<byte> jsonArray, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Post, _events, jsonArray, PostAnswerJson.RefusesEachEvent, cancellationToken);
        try
        {
            return PostAnswerJson.Read(answer);
        }
        catch (JsonException fault)
        {
            throw new ApiRefusedException($"POST {_events} was answered with something else than {{accepted, rejected}}: {fault.Message}");
        }
    }

    /// <summary>Adds or replaces products, in batches.</summary>
    /// <exception cref="ApiUnavailableException">No answer for too long.</exception>
    /// <exception cref="ApiRefusedException">The server refuses.</exception>
    public async Task PutProductsAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        foreach (var batch in products.Chunk(ProductsMax))
        {
            var body = new ArrayBufferWriter<byte>(batch.Length * 128);
            using (var writer = new Utf8JsonWriter(body))
            {
                writer.WriteStartObject();
                writer.WriteStartArray("products"u8);
                foreach (var product in batch)
                {
                    WriteProduct(product, writer);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            await SendAsync(HttpMethod.Put, _products, body.WrittenMemory, static _ => false, cancellationToken);
        }
    }

    private static void WriteProduct(Product product, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, product.Id);
        writer.WriteString("name"u8, product.Name);
        writer.WriteString("category"u8, product.Category);
        writer.WriteString("brand"u8, product.Brand);
        writer.WriteNumber("price"u8, product.Price);
        writer.WriteNumber("stock"u8, product.Stock);
        writer.WriteEndObject();
    }

    private async Task<byte[]> SendAsync(
        HttpMethod method, Uri address, ReadOnlyMemory<byte> json, Func<byte[], bool> isAnswer, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var (body, failure) = await TryAsync(method, address, json, isAnswer, cancellationToken);
            if (failure is null)
            {
                return body!;
            }

            var elapsed = time.GetElapsedTime(startedAt);
            if (_delays.Next(attempt, elapsed, failure.RetryAfter) is not { } delay)
            {
                throw new ApiUnavailableException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{method} {address} failed {attempt} times in {elapsed.TotalSeconds:0.0} s: {failure.Reason}. Is the system up at {server}?"),
                    failure.Cause);
            }

            onRetry?.Invoke(new RetryNotice($"{method} {address}", failure.Reason, attempt, delay));
            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private async Task<(byte[]? Body, Failure? Failure)> TryAsync(
        HttpMethod method, Uri address, ReadOnlyMemory<byte> json, Func<byte[], bool> isAnswer, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(retry.AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(method, address) { Content = new ReadOnlyMemoryContent(json) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.SendAsync(request, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            if (response.IsSuccessStatusCode || (response.StatusCode == HttpStatusCode.BadRequest && isAnswer(body)))
            {
                return (body, null);
            }

            var reason = $"{(int)response.StatusCode} {response.ReasonPhrase}{Detail(body)}";
            return MayPass(response.StatusCode)
                ? (null, new Failure(reason, RetryAfter(response), null))
                : throw new ApiRefusedException($"{method} {address} was refused: {reason}");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, new Failure($"no answer within {retry.AttemptTimeout.TotalSeconds:0.#} s", null, null));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return (null, new Failure(fault.Message, null, fault));
        }
    }

    private static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };

    /// <summary>What a problem+json answer says in its detail or title, so that the user reads the server's own sentence.</summary>
    private static string Detail(byte[] body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            foreach (var field in (ReadOnlySpan<string>)["detail", "title"])
            {
                if (problem.RootElement.ValueKind == JsonValueKind.Object
                    && problem.RootElement.TryGetProperty(field, out var text)
                    && text.ValueKind == JsonValueKind.String)
                {
                    var words = text.GetString()!;
                    return $" ({words[..Math.Min(words.Length, DetailCharactersMax)]})";
                }
            }
        }
        catch (JsonException)
        {
            // Not every server in between answers JSON; the status says enough.
        }

        return "";
    }

    private sealed record Failure(string Reason, TimeSpan? RetryAfter, Exception? Cause);
}
