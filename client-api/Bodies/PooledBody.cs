using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Reco.ClientApi.Problems;

namespace Reco.ClientApi.Bodies;

/// <summary>A request's body, whole, in a rented array; at most <see cref="BytesMax"/>, which bounds the memory of a request.</summary>
internal sealed class PooledBody : IDisposable
{
    /// <summary>Largest body, in bytes: 1 MiB.</summary>
    public const int BytesMax = 1024 * 1024;

    private const int FirstBytes = 16 * 1024;

    private byte[] _rented;
    private int _length;

    private PooledBody(int capacity) => _rented = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>The bytes, without a byte order mark; valid until disposed.</summary>
    public ReadOnlyMemory<byte> Json =>
        _rented.AsSpan(0, _length).StartsWith("\uFEFF"u8) ? _rented.AsMemory(3, _length - 3) : _rented.AsMemory(0, _length);

    /// <summary>Reads a JSON body; exactly one of the two answers is there.</summary>
    public static async ValueTask<(PooledBody? Body, ProblemResult? Problem)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        if (!IsPlainJson(request))
        {
            return (null, Problem.Of(
                StatusCodes.Status415UnsupportedMediaType,
                "Send uncompressed JSON in UTF-8 with the header Content-Type: application/json."));
        }

        if (request.ContentLength > BytesMax)
        {
            return (null, TooLarge());
        }

        // One byte more than announced, so that the end is seen without growing.
        var body = new PooledBody((int?)request.ContentLength + 1 ?? FirstBytes);
        try
        {
            if (await body.FillAsync(request.Body, cancellationToken))
            {
                return (body, null);
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }

        body.Dispose();
        return (null, TooLarge());
    }

    public void Dispose()
    {
        if (_rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = [];
            _length = 0;
        }
    }

    /// <summary>False when there is more than <see cref="BytesMax"/>.</summary>
    private async ValueTask<bool> FillAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await stream.ReadAsync(_rented.AsMemory(_length), cancellationToken);
            _length += read;
            if (read == 0)
            {
                return true;
            }

            if (_length > BytesMax)
            {
                return false;
            }

            if (_length == _rented.Length)
            {
                Grow();
            }
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_rented.Length * 2);
        _rented.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_rented);
        _rented = larger;
    }

    private static bool IsPlainJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
        && (request.Headers.ContentEncoding.Count == 0
            || request.Headers.ContentEncoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase));

    private static ProblemResult TooLarge() => Problem.Of(
        StatusCodes.Status413PayloadTooLarge, $"A body has at most {BytesMax} bytes (1 MiB). Send several smaller requests.");
}
