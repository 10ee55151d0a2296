using System.Buffers;
using System.Text.Json;
using Reco.GrainInterfaces;

namespace Reco.Workload.Traffic.Sinks;

/// <summary>Writes a file of one JSON event a line.</summary>
public sealed class NdjsonSink(Stream output) : IEventSink
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);

    public async ValueTask SendAsync(IReadOnlyList<ShopEvent> events, CancellationToken cancellationToken)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            foreach (var shopEvent in events)
            {
                ShopEventJson.Write(shopEvent, writer);
                writer.Flush();
                _buffer.Write("\n"u8);
                writer.Reset();
            }
        }

        await output.WriteAsync(_buffer.WrittenMemory, cancellationToken);
    }
}
