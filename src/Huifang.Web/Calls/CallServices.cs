using Huifang.Accounts;
using Huifang.Scripts;
using Huifang.Shell;
using Microsoft.AspNetCore.Antiforgery;

namespace Huifang.Calls;

/// <summary>What the pages of this room need.</summary>
public static class CallServices
{
    public static void AddCalls(this IServiceCollection services)
    {
        services.AddSingleton<DeskShelves>();
        services.AddSingleton<DeskLook>();
        services.AddSingleton(s => new DeskVerbParts(s.GetRequiredService<CallVerifier>(), s.GetRequiredService<CallQueue>(), s.GetRequiredService<WrapUp>(), s.GetRequiredService<OperatorNames>(), s.GetRequiredService<StaffClock>())
        {
            Antiforgery = s.GetRequiredService<IAntiforgery>(), Booking = s.GetRequiredService<Booking.BookingDesk>(), Sight = s.GetRequiredService<Sight.SightDesk>(),
        });
        services.AddScoped<DeskVerbs>();
        services.AddSingleton<CustomerCallParts>();
        services.AddSingleton<CustomerCallLook>();
        services.AddSingleton<CustomerTaps>();
        services.AddSignalR(options => options.MaximumReceiveMessageSize = CallHub.SignalMax + 4096);
        services.AddHostedService<LiveRelay>();
        services.AddAuthorizationBuilder().AddPolicy(CallHub.Policy, policy => policy.AddAuthenticationSchemes(StaffSession.Scheme, StaffSession.PortalScheme).RequireAuthenticatedUser());
    }

    public static void MapCalls(this WebApplication app)
    {
        app.MapDesk();
        app.MapRecordings();
        app.MapCustomerCall();
        app.MapLive();
        app.MapScripts();
        app.MapHub<CallHub>(CallHub.Path, options => options.AllowStatefulReconnects = true);
    }
}
