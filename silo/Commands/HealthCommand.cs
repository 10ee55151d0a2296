using System.CommandLine;
using System.Globalization;

namespace Reco.Silo.Commands;

/// <summary><c>reco health</c>: asks a running process how it is. The health check of containers, whose images have no other client.</summary>
internal static class HealthCommand
{
    /// <summary>It answers, and says that it is well.</summary>
    internal const int Healthy = 0;

    /// <summary>It does not answer in time, or says that it is not; what <c>HEALTHCHECK</c> takes for unhealthy.</summary>
    internal const int Unhealthy = 1;

    /// <summary>As much of the answer as is repeated.</summary>
    private const int AnswerCharactersMax = 2_000;

    public static Command Create()
    {
        var url = new Option<Uri>("--url")
        {
            Description = "What to ask.",
            DefaultValueFactory = _ => new Uri("http://127.0.0.1:5000/health/ready"),
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https")
                {
                    return parsed;
                }

                result.AddError("--url must be an http or https address, such as http://127.0.0.1:5000/health/ready");
                return null;
            },
            HelpName = "address",
        };
        var timeout = new Option<double>("--timeout")
        {
            Description = "Seconds to wait for the answer.",
            DefaultValueFactory = _ => 3,
            HelpName = "S",
        };
        timeout.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => double.TryParse(token.Value, CultureInfo.InvariantCulture, out var wanted) && wanted is not (> 0 and <= 600)))
            {
                result.AddError("--timeout must be above 0 and at most 600 seconds");
            }
        });
        var command = new Command("health", "Asks a running silo or gateway how it is: exit code 0 when it is well, 1 when it is not or does not answer.")
        {
            url, timeout,
        };
        command.SetAction((parsed, cancellationToken) => AskAsync(
            parsed.GetValue(url)!,
            TimeSpan.FromSeconds(parsed.GetValue(timeout)),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync(Uri url, TimeSpan timeout, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = timeout };
        try
        {
            using var response = await http.GetAsync(url, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            var told = response.IsSuccessStatusCode ? output : error;
            await told.WriteLineAsync($"{(int)response.StatusCode} {text[..Math.Min(text.Length, AnswerCharactersMax)]}");
            return response.IsSuccessStatusCode ? Healthy : Unhealthy;
        }
        catch (HttpRequestException unreachable)
        {
            await error.WriteLineAsync($"reco: {url} does not answer: {unreachable.Message}");
            return Unhealthy;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"reco: {url} does not answer within {timeout.TotalSeconds} s"));
            return Unhealthy;
        }
    }
}
