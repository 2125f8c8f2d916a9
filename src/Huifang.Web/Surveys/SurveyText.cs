namespace Huifang.Surveys;

/// <summary>The texts of surveys, for staff and customers: SurveyText.resx (zh-Hans), .zh-Hant and .en.</summary>
public sealed class SurveyText;
