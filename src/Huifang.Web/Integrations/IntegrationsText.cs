namespace Huifang.Integrations;

/// <summary>The texts of keys and webhooks.</summary>
public sealed class IntegrationsText;
