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
        services.AddSingleton<DemoCalls>();
        services.AddSingleton<DemoQueue>();
        services.AddSingleton<DemoHistory>();
        services.AddWork<DemoWork>();
    }
}
