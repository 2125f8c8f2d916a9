namespace Huifang.Booking;

/// <summary>The texts of the pages behind a signed link: BookingText.resx (zh-Hans), BookingText.zh-Hant.resx, BookingText.en.resx.</summary>
public sealed class BookingText;
