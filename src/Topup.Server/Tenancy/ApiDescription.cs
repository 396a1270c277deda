using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Topup.Server.Http;

namespace Topup.Server.Tenancy;

/// <summary>The description of the API by OpenAPI, served at <c>/openapi/v1.json</c> and kept as an approved file in docs.</summary>
internal static class ApiDescription
{
    private const string KeyScheme = "api_key";

    public static void AddDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Topup", Version = "v1", Description = "Sells credits to tenants and spends them right." };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [KeyScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key." },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(Describe);
    });

    public static void MapDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json");

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RequiredScope>().FirstOrDefault() is { } scope)
        {
            operation.Description = $"Requires the scope {string.Join(", ", Domain.Tenancy.Scopes.NamesOf(scope.Scope))}.";
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [] }];
        }
        if (metadata.OfType<IdempotencyKeyRequired>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyKey.Header,
                In = ParameterLocation.Header,
                Required = true,
                Description = $"1 to {IdempotencyKey.LengthMax} printable ASCII characters; the same key and request have one effect.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotencyKey.LengthMax },
            });
        }
        return Task.CompletedTask;
    }
}
