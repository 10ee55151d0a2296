using Reco.Core.Catalogue;
using Reco.Workload.Http;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary>What commands need from outside; tests bring their own.</summary>
internal sealed record CommandContext
{
    /// <summary>Where they write.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Where errors go.</summary>
    public required IAnsiConsole Error { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The products that generated shoppers look at.</summary>
    public required Func<IReadOnlyList<Product>> Products { get; init; }

    /// <summary>How long failed requests are tried again.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>What the server's Admin:Key says, from RECO_ADMIN_KEY; a server on this machine needs none.</summary>
    public string? AdminKey { get; init; }

    /// <summary>A console over a stream; lines are wrapped on a terminal only.</summary>
    public static IAnsiConsole ConsoleOver(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = int.MaxValue / 2;
        }

        return console;
    }

    /// <summary>Runs a command's work and turns what can go wrong into a sentence and an exit code.</summary>
    public async Task<int> RunAsync(Func<Task<int>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Fail("Interrupted.", ExitCode.Interrupted);
        }
        catch (ArgumentFaultException fault)
        {
            return Fail(fault.Message, ExitCode.WrongArguments);
        }
        catch (ApiUnavailableException fault)
        {
            return Fail(fault.Message, ExitCode.ServerUnavailable);
        }
        catch (ApiRefusedException fault)
        {
            return Fail(fault.Message, ExitCode.ServerRefused);
        }
        catch (Exception fault) when (
            fault is Retail.RetailFormatException or Replay.ReplayProgressException or IOException or UnauthorizedAccessException)
        {
            return Fail(fault.Message, ExitCode.FileRefused);
        }
    }

    public HttpClient CreateHttp()
    {
        // The time-out of an attempt is the API's; a keep-alive connection is renewed now and then so that a moved server is found.
        var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (!string.IsNullOrEmpty(AdminKey))
        {
            http.DefaultRequestHeaders.Add("X-Admin-Key", AdminKey);
        }

        return http;
    }

    public EventApi CreateApi(HttpClient http, Uri server) => new(http, server, Retry, Time, notice => Error.WriteLine(notice.ToString()));

    private int Fail(string message, int code)
    {
        Error.WriteLine(message);
        return code;
    }
}

/// <summary>The arguments do not go together; the message says what to change.</summary>
internal sealed class ArgumentFaultException(string message) : Exception(message);
