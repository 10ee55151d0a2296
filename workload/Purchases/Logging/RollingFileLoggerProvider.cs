using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Reco.Workload.Purchases.Logging;

/// <summary>
/// One JSON object a line, in a file that never grows beyond its bound: full, it becomes name.1, name.1 becomes name.2, and the oldest
/// is removed. Lines are on disk's cache when the call returns, so a killed process loses none.
/// </summary>
public sealed class RollingFileLoggerProvider(PurchaseLogOptions options, TimeProvider time) : ILoggerProvider
{
    private static readonly JsonWriterOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _gate = new();
    private readonly string _path = Path.GetFullPath(options.Path ?? throw new ArgumentException("a log file needs a path", nameof(options)));
    private FileStream? _file;
    private bool _isDisposed;

    public ILogger CreateLogger(string categoryName) => new FileLogger(this, categoryName);

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _file?.Dispose();
            _file = null;
        }
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _file ??= Open();
            if (_file.Length > 0 && _file.Length + line.Length > options.FileBytesMax)
            {
                _file.Dispose();
                Roll();
                _file = Open();
            }

            _file.Write(line);
            _file.Flush();
        }
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        return new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
    }

    private void Roll()
    {
        for (var number = options.ClosedFilesMax; number >= 1; number--)
        {
            var from = number == 1 ? _path : $"{_path}.{number - 1}";
            if (File.Exists(from))
            {
                File.Move(from, $"{_path}.{number}", overwrite: true);
            }
        }
    }

    private byte[] Line(string category, LogLevel level, EventId id, IEnumerable<KeyValuePair<string, object?>>? fields, string text, Exception? fault)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow());
            json.WriteString("level", level.ToString());
            json.WriteString("component", category);
            json.WriteNumber("event", id.Id);
            json.WriteString("message", text);
            foreach (var (name, value) in fields ?? [])
            {
                json.WriteString(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
            }

            if (fault is not null)
            {
                json.WriteString("exception", fault.ToString());
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.ToArray();
    }

    private sealed class FileLogger(RollingFileLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        /// <summary>Levels are the factory's filter.</summary>
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.Write(owner.Line(
                category, logLevel, eventId, state as IEnumerable<KeyValuePair<string, object?>>, formatter(state, exception), exception));
    }
}
