using Huifang.Work;

namespace Huifang.Demo;

/// <summary>What only a demo has.</summary>
public static class DemoServices
{
    public static void AddDemo(this IServiceCollection services, DemoClock clock)
    {
        services.AddSingleton(clock);
        services.AddSingleton<DemoSeed>();
        services.AddSingleton<DemoPlan>();
        services.AddSingleton<DemoLife>();
        services.AddSingleton<DemoAnswers>();
        services.AddSingleton<DemoPhones>();
        services.AddSingleton<DemoCalls>();
        // Visitors enter as the same customer from any browser, and each is believed at once.
        services.AddSingleton(new Huifang.Calls.DeviceSettings(TimeSpan.Zero));
        services.AddSingleton<DemoQueue>();
        services.AddSingleton<DemoCampaign>();
        services.AddSingleton<DemoTrustRules>();
        services.AddSingleton<DemoTrust>();
        services.AddSingleton<DemoHistory>();
        services.AddSingleton<DemoCaseDesks>();
        services.AddSingleton<DemoComplaints>();
        services.AddSingleton<DemoInsightDesks>();
        services.AddSingleton<DemoFeedback>();
        services.AddSingleton<DemoSurveys>();
        services.AddSingleton<DemoSurveyDesks>();
        services.AddWork<DemoWork>();
    }
}
