namespace Huifang.Intake;

/// <summary>The texts of the intake pages.</summary>
public sealed class IntakeText;
