using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Huifang.Fire.Fuzz;

/// <summary>One thing that a route reads: its name and the kind of value that it expects.</summary>
public sealed record Field(string Name, Type Type);

/// <summary>A route of the product with what it reads, as the framework knows it.</summary>
public sealed record Route(string Method, string Pattern, IReadOnlyList<RoutePatternPathSegment> Segments, IReadOnlyList<Field> Query, IReadOnlyList<Field> Form)
{
    public string Name => $"{Method} {Pattern}";
}

/// <summary>Every route that is served, from the running application itself, so that a new one is never forgotten.</summary>
public static class RouteMap
{
    public static IReadOnlyList<Route> Of(EndpointDataSource source) =>
        [.. source.Endpoints.OfType<RouteEndpoint>().Where(IsOurs).SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => Read(method, route)))
            .OrderBy(route => route.Name, StringComparer.Ordinal)];

    // The hub's second request waits for messages; the test's own doors are not the product's.
    private static bool IsOurs(RouteEndpoint route) => route.RoutePattern.RawText is { } text && !text.TrimStart('/').StartsWith("test/", StringComparison.Ordinal) && text.TrimStart('/') != "hub/call" && !text.Contains("_framework", StringComparison.Ordinal);

    private static Route Read(string method, RouteEndpoint route)
    {
        var parts = route.RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var query = new List<Field>();
        var form = new List<Field>();
        foreach (var bound in route.Metadata.GetOrderedMetadata<IParameterBindingMetadata>())
        {
            var parameter = bound.ParameterInfo;
            if (parts.Contains(bound.Name)) continue;
            if (parameter.GetCustomAttribute<FromFormAttribute>() is not null || typeof(IFormFile).IsAssignableFrom(parameter.ParameterType) || typeof(IFormFileCollection).IsAssignableFrom(parameter.ParameterType)) form.Add(new(bound.Name, parameter.ParameterType));
            else if (IsSimple(parameter.ParameterType)) query.Add(new(bound.Name, parameter.ParameterType));
        }
        if (route.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type is { } page)
            foreach (var property in page.GetProperties())
                if (property.GetCustomAttribute<SupplyParameterFromQueryAttribute>() is { } asked) query.Add(new(asked.Name ?? property.Name, property.PropertyType));
        return new(method, "/" + route.RoutePattern.RawText!.TrimStart('/'), route.RoutePattern.PathSegments, query, form);
    }

    private static bool IsSimple(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsPrimitive || plain.IsEnum || plain == typeof(string) || plain == typeof(string[]) || plain == typeof(DateOnly) || plain == typeof(DateTimeOffset) || plain == typeof(DateTime) || plain == typeof(decimal) || plain == typeof(Guid);
    }
}
