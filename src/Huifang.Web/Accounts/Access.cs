using Huifang.Calls;
using Microsoft.AspNetCore.Authorization;

namespace Huifang.Accounts;

/// <summary>A route that anybody may call, and why that is right. Without this, a permission or a scope a route is closed to all.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OpenAttribute(string why) : Attribute, IAllowAnonymous
{
    public string Why => why;
}

/// <summary>The route is about one thing, named by a part of its address; who asks must stand to it as her permission reaches.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class AboutAttribute(string thing, string part) : Attribute
{
    /// <summary>A name of <see cref="Accounts.Thing"/>.</summary>
    public string Thing => thing;

    /// <summary>The part of the address that holds its id.</summary>
    public string Part => part;

    /// <summary>How far the customer must be verified.</summary>
    public Level Level { get; init; }
}

/// <summary>A sensitive act: who asks must have proved within five minutes that it is she.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class FreshProofAttribute : Attribute;

/// <summary>How routes say who may call them. All of it is decided by <see cref="AccessHandler"/>; no page decides for itself.</summary>
public static class Access
{
    public static T Open<T>(this T route, string why) where T : IEndpointConventionBuilder => route.WithMetadata(new OpenAttribute(why));

    public static T About<T>(this T route, string thing, string part = "id", Level level = Level.V0) where T : IEndpointConventionBuilder => route.WithMetadata(new AboutAttribute(thing, part) { Level = level });

    public static T NeedsFreshProof<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new FreshProofAttribute());

    private static T WithMetadata<T>(this T route, object metadata) where T : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(metadata));
        return route;
    }
}
