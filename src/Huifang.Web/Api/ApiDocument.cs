using Huifang.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Huifang.Api;

/// <summary>What the OpenAPI document says beyond the routes themselves: keys and scopes, the answers that every route can give, the Idempotency-Key.</summary>
public static class ApiDocument
{
    private const string Key = "key";

    public static void Describe(OpenApiOptions options)
    {
        // Pages are for people and have no place in it.
        options.ShouldInclude = route => route.RelativePath?.StartsWith("v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Huifang", Version = "1", Description = "The customer-care front office of a digital wallet, for the wallet's own systems. Money is a whole number of minor units; instants are RFC 3339 in UTC; errors are RFC 9457 problem documents with field and reason." };
            (document.Components ??= new()).SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> { [Key] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key as `huifang key new` prints it: Authorization: Bearer hf_…, or the header X-Api-Key." } };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var scopes = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Select(needs => needs.Policy).OfType<string>().Where(policy => policy.StartsWith("api:", StringComparison.Ordinal)).Select(policy => policy[4..]).ToList();
            operation.Responses ??= [];
            operation.Responses.TryAdd("400", Problem("A parameter or the body cannot be read."));
            operation.Responses.TryAdd("429", Problem("Too many requests; Retry-After says when to come back."));
            if (scopes.Count == 0) return Task.CompletedTask;
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, context.Document)] = scopes }];
            operation.Responses.TryAdd("401", Problem("The key is missing, forged, expired or revoked."));
            operation.Responses.TryAdd("403", Problem($"The key lacks the scope {string.Join(", ", scopes)}."));
            if (context.Description.HttpMethod is not ("POST" or "PUT")) return Task.CompletedTask;
            operation.Responses.TryAdd("413", Problem("The body is too large; nothing of it was read."));
            operation.Responses.TryAdd("415", Problem("The content type is not one of those listed."));
            operation.Responses.TryAdd("422", Problem("A field is wrong: `field` and `reason` say which and why. Nothing was changed."));
            if (context.Description.HttpMethod != "POST") return Task.CompletedTask;
            operation.Responses.TryAdd("409", Problem("The Idempotency-Key was used for another request, or the same is being done at this moment."));
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = "Idempotency-Key", In = ParameterLocation.Header, Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyDesk.KeyLengthMax },
                Description = "For seven days the same key with the same request gets the same answer (Idempotency-Replayed: true).",
            });
            return Task.CompletedTask;
        });
    }

    private static OpenApiResponse Problem(string why) => new() { Description = why, Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() } };
}
