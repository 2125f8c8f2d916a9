namespace Huifang.Feedback;

/// <summary>The texts of the feedback page.</summary>
public sealed class FeedbackText;
