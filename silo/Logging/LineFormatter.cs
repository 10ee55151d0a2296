using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Reco.Silo.Logging;

/// <summary>One line an entry: <c>08:24:45 info  IngestService  Partition 0 assigned</c>; an exception goes below it, indented.</summary>
internal sealed class LineFormatter(IOptionsMonitor<ConsoleFormatterOptions> options, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    private const int SourceWidth = 18;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var now = options.CurrentValue.UseUtcTimestamp ? time.GetUtcNow() : time.GetLocalNow();
        textWriter.Write(now.ToString(options.CurrentValue.TimestampFormat ?? "HH:mm:ss", null));
        textWriter.Write(logEntry.LogLevel switch
        {
            LogLevel.Critical => " fatal ",
            LogLevel.Error => " error ",
            LogLevel.Warning => " warn  ",
            LogLevel.Information => " info  ",
            _ => " debug ",
        });
        textWriter.Write(logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..].PadRight(SourceWidth));
        textWriter.Write(' ');
        textWriter.WriteLine(logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write("    ");

            // A setting that is wrong: the message says which and what to do, where it was found out does not matter.
            var text = exception is OptionsValidationException ? exception.Message : exception.ToString();
            textWriter.WriteLine(text.ReplaceLineEndings("\n    "));
        }
    }
}
