using System.Buffers;

namespace Reco.Adapters.Elasticsearch.Http;

/// <summary>Reads a response no further than its bound.</summary>
internal static class BoundedBody
{
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int bytesMax, CancellationToken cancellationToken)
    {
        ThrowIfTooLarge(content.Headers.ContentLength ?? 0, bytesMax);
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new ArrayBufferWriter<byte>((int)(content.Headers.ContentLength ?? 4_096) + 1);
        while (true)
        {
            var read = await stream.ReadAsync(buffer.GetMemory(), cancellationToken);
            if (read == 0)
            {
                return buffer.WrittenMemory;
            }

            buffer.Advance(read);
            ThrowIfTooLarge(buffer.WrittenCount, bytesMax);
        }
    }

    private static void ThrowIfTooLarge(long bytes, int bytesMax)
    {
        if (bytes > bytesMax)
        {
            throw new ElasticsearchException(
                $"Elasticsearch answered more than {bytesMax:N0} bytes: ask for less, or raise Elasticsearch:ResponseBytesMax.",
                System.Net.HttpStatusCode.OK);
        }
    }
}
