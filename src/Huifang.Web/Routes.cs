using Huifang.Accounts;
using Huifang.Audit;
using Huifang.Approvals;
using Huifang.Booking;
using Huifang.Api;
using Huifang.Customers;
using Huifang.Feedback;
using Huifang.Calls;
using Huifang.Complaints;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Planning;
using Huifang.Demo;
using Huifang.Improvements;
using Huifang.Insights;
using Huifang.Intake;
using Huifang.Integrations;
using Huifang.Messages;
using Huifang.Public;
using Huifang.Reports;
using Huifang.Portal;
using Huifang.Privacy;
using Huifang.Shell;
using Huifang.Surveys;
using Huifang.Sight;
using Huifang.Guard;
using Huifang.Webhooks;
using Microsoft.AspNetCore.Routing;

namespace Huifang;

/// <summary>The order in which a request walks, and every room's routes, a line each.</summary>
public static class Routes
{
    public static WebApplication MapHuifang(this WebApplication app)
    {
        app.UseProxies(app.Services.GetRequiredService<Settings>().Proxies);
        app.UseRequestLocalization(PageLanguage.Options());
        Problems.Use(app);
        PageHeaders.Use(app);
        app.UseKnownMethods();
        app.UseStaticFiles(PageHeaders.Files());
        app.UseRouting();
        app.UseAuthentication();
        app.UseCounting();
        app.UseRateLimiter();
        app.UseBodyLimits();
        app.UseAuthorization();
        IdempotencyKeys.Use(app);
        app.UseWall();
        app.UseAntiforgery();
        FormGuard.Use(app);

        app.MapHealth();
        app.MapAccounts();
        app.MapPasskeys();
        app.MapProvider();
        app.MapMyAccess();
        app.MapStaff();
        app.MapIntake();
        app.MapIntakePage();
        app.MapReports();
        app.MapFeedback();
        app.MapInsights();
        app.MapLabels();
        app.MapImprovements();
        app.MapSurveys();
        app.MapCampaigns();
        app.MapMyFeedback();
        app.MapRecords();
        app.MapAudit();
        app.MapPublic();
        app.MapPrivacy();
        app.MapWebhooks();
        app.MapIntegrations();
        app.MapMyData();
        app.MapOpenApi().Open("The description of the API is public; using it needs a key.");
        app.MapCustomers();
        app.MapSight();
        app.MapCalls();
        app.MapSmsHook();
        app.MapOutbox();
        app.MapDemo();
        app.MapBooking();
        app.MapPortal();
        app.MapPacks();
        app.MapWhy();
        app.MapRules();
        app.MapComplaints();
        app.MapApprovals();
        app.MapPeople();
        app.MapPlan();
        // Pages are looked at; what is sent goes to the rooms' own endpoints, which may have the same address.
        app.MapRazorComponents<App>().Finally(page =>
        {
            foreach (var methods in page.Metadata.OfType<HttpMethodMetadata>().ToList()) page.Metadata.Remove(methods);
            page.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        });
        return app;
    }
}
