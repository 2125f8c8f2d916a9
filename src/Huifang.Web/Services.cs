using System.Text.Encodings.Web;
using System.Text.Unicode;
using Huifang.Accounts;
using Huifang.Booking;
using Huifang.Calls;
using Huifang.Messages;
using Huifang.Portal;
using Huifang.Demo;
using Huifang.Shell;
using Huifang.Guard;
using Huifang.Work;
using Microsoft.AspNetCore.DataProtection;

namespace Huifang;

/// <summary>The composition root: every service of the house, a line each, by room.</summary>
public static class Services
{
    public static WebApplicationBuilder AddHuifang(this WebApplicationBuilder builder, Settings settings, TimeProvider time)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(KeyGuards.Of(settings));
        if (Environment.GetEnvironmentVariable("HUIFANG_HOME_PACK") is { Length: > 0 } home) builder.Services.AddSingleton(new Complaints.ComplaintSettings(home));
        if (Environment.GetEnvironmentVariable("HUIFANG_PLAN") is "off") builder.Services.AddSingleton(new Planning.PlanSettings(false));
        builder.Services.AddRooms(settings.Ground);
        if (settings.TimeStampAuthority is { } authority) builder.Services.AddSingleton<Audit.ITimeStamper>(new TimeStamps.Rfc3161Authority(authority));
        builder.Services.AddHostedService<Workers>();
        builder.Services.AddShell(builder.Configuration);
        builder.AddLimits(settings.Limits);
        builder.Services.AddAccounts();
        if (settings.Provider is { } provider)
        {
            builder.Services.AddSingleton(provider);
            builder.Services.AddSingleton(_ => new OpenId.OpenIdProvider(provider, OpenId.OpenIdProvider.Client(), time));
            builder.Services.AddSingleton<ProviderDoor>();
        }
        builder.Services.AddOpenApi(Api.ApiDocument.Describe);
        builder.Services.AddSingleton<Microsoft.Extensions.Options.IConfigureOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>, CookieKeys>();
        builder.Services.AddHostedService<Telemetry>();
        builder.Services.AddCalls();
        builder.Services.AddMessages(settings);
        builder.Services.AddSingleton(new Http.GuardedHttp(settings.FetchAllowed));
        builder.Services.AddSingleton<Webhooks.IWebhookLine, Webhooks.HttpWebhookLine>();
        builder.Services.AddSingleton<Feedback.IFeedLine>(s => new Feeds.HttpFeedLine(new Http.GuardedHttp(settings.FetchAllowed, answerBytesMax: Feeds.HttpFeedLine.AnswerBytesMax)) is var feeds && settings.IsDemo ? new Simulated.SimulatedFeed(feeds, s.GetRequiredService<TimeProvider>()) : feeds);
        builder.Services.AddSingleton<Feedback.ImportRoom>();
        builder.Services.AddSingleton<Insights.InsightWords>();
        builder.Services.AddSingleton<Insights.LabelRoom>();
        builder.Services.AddSingleton<Improvements.ImprovementRoom>();
        builder.Services.AddSingleton<Surveys.SurveyRoom>();
        builder.Services.AddSingleton<Surveys.AnswerRoom>();
        builder.Services.AddSingleton<Surveys.CampaignReads>();
        builder.Services.AddSingleton<Surveys.CampaignRoom>();
        builder.Services.AddSingleton<Insights.MondayPaper>();
        builder.Services.AddSingleton<Integrations.IntegrationParts>();
        builder.Services.AddSingleton<LinkAccess>();
        builder.Services.AddSingleton<DemoReads>();
        builder.Services.AddSingleton<DemoDoor>();
        builder.Services.AddSingleton<CustomerReads>();
        builder.Services.AddSingleton<CustomerAtHome>();
        builder.Services.AddSingleton<PortalEndpoints.Changes>();
        builder.Services.AddSingleton<Complaints.LetterPaper>();
        builder.Services.AddSingleton<Complaints.ComplaintFinder>();
        builder.Services.AddSingleton<Complaints.MyComplaint>();
        builder.Services.AddSingleton<Complaints.ComplaintEndpoints.ApprovedVerbs>();
        builder.Services.AddSingleton<Complaints.ComplaintEndpoints.VerbContext>();
        builder.Services.AddSingleton<Complaints.ComplaintEndpoints.Verbs>();
        builder.Services.AddDataProtection().SetApplicationName("huifang").PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(settings.KeyFolder, "cookies")));
        if (time is DemoClock clock) builder.Services.AddDemo(clock);
        return builder;
    }

    private static void AddShell(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(configuration.GetSection("Operator").Get<OperatorNames>() ?? new OperatorNames());
        services.AddSingleton<StaffClock>();
        services.AddSingleton<Huifang.FollowUps.RuleRoom>();
        services.AddSingleton<StaffReads>();
        services.AddSingleton<StaffRoomDesks>();
        services.AddSingleton<Approvals.ApprovalWords>();
        services.AddSingleton<Approvals.IApprovalWords, FollowUps.RuleApprovalWords>();
        services.AddSingleton<Approvals.IApprovalWords, Insights.ModelApprovalWords>();
        services.AddSingleton<Surveys.CampaignWords>();
        services.AddSingleton<Approvals.IApprovalWords>(provider => provider.GetRequiredService<Surveys.CampaignWords>());
        services.AddSingleton<Huifang.Planning.PeopleRoom>();
        services.AddSingleton<CustomerLanguage>();
        services.AddSingleton<Customers.CustomerRoom>();
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddLocalization();
        services.AddRazorComponents();
        services.AddAntiforgery(options => { options.Cookie.Name = "hf-form"; options.HeaderName = "X-HF-Form"; });
        services.AddHttpContextAccessor();
    }
}
