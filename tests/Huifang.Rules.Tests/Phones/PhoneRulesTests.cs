using FsCheck;
using FsCheck.Fluent;

namespace Huifang.Phones;

public sealed class PhoneRulesTests // C2
{
    [Theory]
    [InlineData("138 0013 8000", "CN", "+8613800138000", "CN", PhoneType.Mobile, "+86 138 0013 8000")]
    [InlineData("＋８６ １３８００１３８０００", null, "+8613800138000", "CN", PhoneType.Mobile, "+86 138 0013 8000")]
    [InlineData("010-65551234", "CN", "+861065551234", "CN", PhoneType.FixedLine, "+86 10 6555 1234")]
    [InlineData("+44 (0)20 7946 0958", null, "+442079460958", "GB", PhoneType.FixedLine, "+44 20 7946 0958")]
    [InlineData("07400 123456", "GB", "+447400123456", "GB", PhoneType.Mobile, "+44 7400 123456")]
    [InlineData("(212) 736-5000", "US", "+12127365000", "US", PhoneType.FixedOrMobile, "+1 212 736 5000")]
    [InlineData("011 44 7400 123456", "US", "+447400123456", "GB", PhoneType.Mobile, "+44 7400 123456")]
    [InlineData("+1 416 555 0123", null, "+14165550123", "CA", PhoneType.FixedOrMobile, "+1 416 555 0123")]
    [InlineData("9123 4567", "HK", "+85291234567", "HK", PhoneType.Mobile, "+852 9123 4567")]
    [InlineData("0912 345 678", "TW", "+886912345678", "TW", PhoneType.Mobile, "+886 912 345 678")]
    [InlineData("8123 4567", "SG", "+6581234567", "SG", PhoneType.Mobile, "+65 8123 4567")]
    [InlineData("+39 06 8205 1234", null, "+390682051234", "IT", PhoneType.FixedLine, "+39 06 8205 1234")]
    [InlineData("0049 151 23456789", "DE", "+4915123456789", "DE", PhoneType.Mobile, "+49 1512 3456789")]
    [InlineData("+800 1234 5678", null, "+80012345678", "001", PhoneType.TollFree, "+800 1234 5678")]
    public void Numbers_as_people_write_them(string text, string? region, string e164, string home, PhoneType type, string shown)
    {
        var phone = PhoneRules.Find(text, region);
        Assert.Equal((e164, home, type, shown), (phone?.E164, phone?.Region, phone?.Type ?? default, phone?.International));
    }

    [Theory]
    [InlineData("", "CN", PhoneRefusal.Empty)]
    [InlineData("  - ", "CN", PhoneRefusal.Empty)]
    [InlineData("13800138000", null, PhoneRefusal.NoRegion)]
    [InlineData("13800138000", "XX", PhoneRefusal.UnknownRegion)]
    [InlineData("1380013800O", "CN", PhoneRefusal.NotANumber)]
    [InlineData("13800138000 ext 5", "CN", PhoneRefusal.NotANumber)]
    [InlineData("13+800138000", "CN", PhoneRefusal.NotANumber)]
    [InlineData("138001380", "CN", PhoneRefusal.NotGivenOut)]
    [InlineData("12345", "CN", PhoneRefusal.TooShort)]
    [InlineData("138001380001234", "CN", PhoneRefusal.TooLong)]
    [InlineData("+999 1234 5678", null, PhoneRefusal.UnknownCallingCode)]
    [InlineData("+1 111 555 0123", null, PhoneRefusal.NotGivenOut)]
    [InlineData("+65 8123 456", null, PhoneRefusal.TooShort)]
    [InlineData("+12345678901234567890", null, PhoneRefusal.TooLong)]
    public void What_is_no_number_says_why(string text, string? region, PhoneRefusal why) =>
        Assert.Equal(why, Assert.IsType<PhoneReading.Refused>(PhoneRules.Read(text, region)).Why);

    [Theory]
    [InlineData("+8613800138000", "138 •••• 8000")]
    [InlineData("+6581234567", "8 •••• 4567")]
    [InlineData("+447400123456", "740 •••• 3456")]
    [InlineData("+123", "••••")]
    [InlineData("nonsense", "••••")]
    public void A_masked_number_shows_too_little_to_dial(string e164, string masked) => Assert.Equal(masked, PhoneRules.Mask(e164));

    [Fact]
    public void A_mask_never_shows_more_than_seven_digits_or_leaves_fewer_than_three_hidden() => Prop.ForAll(
        (from first in Gen.Choose(1, 9) from rest in Gen.Choose(0, 999_999_999) from length in Gen.Choose(4, 9) select $"+{first}{rest.ToString("000000000")[..length]}").ToArbitrary(),
        number => PhoneRules.Mask(number).Count(char.IsDigit) is var shown && shown <= 7 && shown <= Math.Max(0, number.Length - 4)).QuickCheckThrowOnFailure();

    [Fact]
    public void What_was_read_once_is_read_again_to_the_same_number() => Prop.ForAll(
        (from region in Gen.Elements("CN", "US", "GB", "HK", "SG", "TW", "DE", "FR", "IT", "AR", "AU", "RU")
         from length in Gen.Choose(7, 11) from digits in Gen.Choose(0, 9).ArrayOf(11) select (region, string.Concat(digits)[..length])).ToArbitrary(),
        input => PhoneRules.Find(input.Item2, input.region) is not { } phone
            || (PhoneRules.Find(phone.E164) is { } again && again.E164 == phone.E164 && PhoneRules.Find(phone.International)?.E164 == phone.E164)).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
