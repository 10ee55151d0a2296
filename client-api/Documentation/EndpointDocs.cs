using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Reco.ClientApi.Fields;
using Reco.ClientApi.Problems;

namespace Reco.ClientApi.Documentation;

/// <summary>What an endpoint says about itself: to the OpenAPI document and to the index page alike.</summary>
internal static class EndpointDocs
{
    /// <summary>The line of the index page and the summary of the operation.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string summary, Example example) =>
        endpoint.WithSummary(summary).WithMetadata(example);

    /// <summary>Documents query parameters with the bounds that they are read by.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder endpoint, params Field[] fields) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            foreach (var field in fields)
            {
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = field.Name,
                    In = ParameterLocation.Query,
                    Description = field.Summary,
                    Schema = Schema(field),
                });
            }

            return Task.CompletedTask;
        });

    /// <summary>Documents the problems it answers, beyond 500 and 504, which any may.</summary>
    public static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses.Append(StatusCodes.Status500InternalServerError).Append(StatusCodes.Status504GatewayTimeout))
        {
            endpoint.Produces<ProblemBody>(status, ProblemResult.ContentType);
        }

        return endpoint;
    }

    private static OpenApiSchema Schema(Field field) => field switch
    {
        WholeNumber number => new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Minimum = FormattableString.Invariant($"{number.Min}"),
            Maximum = FormattableString.Invariant($"{number.Max}"),
            Default = JsonValue.Create(number.Default),
        },
        Amount amount => new OpenApiSchema
        {
            Type = JsonSchemaType.Number,
            Minimum = "0",
            Maximum = FormattableString.Invariant($"{amount.Max}"),
        },
        Flag flag => new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(flag.Default) },
        Words words => new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = words.CharactersMax },
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "a field without a schema"),
    };
}
