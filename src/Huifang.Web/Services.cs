using System.Text.Encodings.Web;
using System.Text.Unicode;
using Huifang.Shell;

namespace Huifang;

/// <summary>The composition root: every service of the house, a line each, by room.</summary>
public static class Services
{
    public static WebApplicationBuilder AddHuifang(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddShell(builder.Configuration);
        return builder;
    }

    private static void AddShell(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(configuration.GetSection("Operator").Get<OperatorNames>() ?? new OperatorNames());
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddLocalization();
        services.AddRazorComponents();
        services.AddAntiforgery(options => { options.Cookie.Name = "hf-form"; options.HeaderName = "X-HF-Form"; });
        services.AddHttpContextAccessor();
    }
}
