namespace Huifang.Accounts;

/// <summary>The texts of the sign-in page: SignInText.resx (zh-Hans), SignInText.zh-Hant.resx, SignInText.en.resx.</summary>
public sealed class SignInText;
