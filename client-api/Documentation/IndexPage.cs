using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Reco.ClientApi.Documentation;

/// <summary>The page at "/": every endpoint with an example, read from the routes themselves.</summary>
internal static class IndexPage
{
    private const string Head = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Reco: endpoints</title>
        <style>
        :root { color-scheme: light dark; }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin-bottom: 0; }
        h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        table { border-collapse: collapse; width: 100%; }
        td { border-top: 1px solid #8884; padding: .4rem .8rem .4rem 0; vertical-align: top; }
        td:first-child { width: 4rem; font-weight: 600; }
        code { font-size: .9em; overflow-wrap: anywhere; }
        </style>
        </head>
        <body>
        <h1>Reco</h1>
        <p>Recommendations that follow the shopper. The machine-readable description is <a href="/openapi/v1.json">/openapi/v1.json</a>.</p>

        """;

    /// <summary>The page; <paramref name="address"/> is scheme and host, for the commands to paste.</summary>
    public static string Render(EndpointDataSource endpoints, string address)
    {
        var page = new StringBuilder(Head, 8192);
        var groups = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<Example>() is not null)
            .GroupBy(endpoint => endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags[0] ?? "");
        foreach (var group in groups)
        {
            page.Append("<h2>").Append(Encoded(group.Key)).Append("</h2>\n<table>\n");
            foreach (var endpoint in group)
            {
                AppendRow(page, endpoint, address);
            }

            page.Append("</table>\n");
        }

        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendRow(StringBuilder page, RouteEndpoint endpoint, string address)
    {
        var method = endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0];
        var example = endpoint.Metadata.GetRequiredMetadata<Example>();
        var summary = endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? "";
        var url = Encoded(example.Url);
        page.Append("<tr><td>").Append(method).Append("</td><td><code>").Append(Encoded(endpoint.RoutePattern.RawText!))
            .Append("</code><br>").Append(Encoded(summary)).Append("<br>");
        if (method == "GET")
        {
            page.Append("<a href=\"").Append(url).Append("\"><code>").Append(url).Append("</code></a>");
        }
        else
        {
            page.Append("<code>").Append(Encoded(Curl(method, address, example))).Append("</code>");
        }

        page.Append("</td></tr>\n");
    }

    private static string Curl(string method, string address, Example example) =>
        example.Body is null
            ? $"curl -X {method} '{address}{example.Url}'"
            : $"curl -X {method} '{address}{example.Url}' -H 'Content-Type: application/json' -d '{example.Body}'";

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);
}
