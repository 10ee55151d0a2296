using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Reco.ClientApi.Problems;

namespace Reco.ClientApi.Bodies;

/// <summary>A body that is one JSON object, as a document: for requests that are not hot.</summary>
internal static class JsonObjectBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    /// <summary>Exactly one of the two answers is there; the caller disposes the document.</summary>
    public static async ValueTask<(JsonDocument? Document, ProblemResult? Problem)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, problem) = await PooledBody.ReadAsync(request, cancellationToken);
        if (body is null)
        {
            return (null, problem);
        }

        using (body)
        {
            // A document refers to the memory it was parsed from: give it its own.
            return Parse(body.Json.ToArray());
        }
    }

    private static (JsonDocument? Document, ProblemResult? Problem) Parse(byte[] json)
    {
        // A document keeps strings as bytes, and meets what is not Unicode only when they are read: refuse it here.
        if (!System.Text.Unicode.Utf8.IsValid(json))
        {
            return (null, Problem.BadRequest("The body is not valid UTF-8."));
        }

        try
        {
            UnescapeAll(json);
            var document = JsonDocument.Parse(json, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return (document, null);
            }

            document.Dispose();
            return (null, Problem.BadRequest("The body must be a JSON object."));
        }
        catch (JsonException broken)
        {
            return (null, Problem.BadRequest($"The body is not valid JSON: {broken.Message}"));
        }
        catch (InvalidOperationException notText)
        {
            return (null, Problem.BadRequest($"The body has a string that is not valid Unicode: {notText.Message}"));
        }
    }

    /// <summary>Throws <see cref="InvalidOperationException"/> for an escape that is half a surrogate pair.</summary>
    private static void UnescapeAll(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        while (reader.Read())
        {
            if (reader.ValueIsEscaped)
            {
                _ = reader.GetString();
            }
        }
    }
}
