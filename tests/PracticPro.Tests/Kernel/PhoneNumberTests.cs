using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Kernel;

namespace PracticPro.Tests.Kernel;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("(201) 555-0123")]
    [InlineData("201.555.0123")]
    [InlineData("201 555 0123")]
    [InlineData("2015550123")]
    [InlineData("1-201-555-0123")]
    [InlineData("+1 201 555 0123")]
    [InlineData("+1 (201) 555-0123 ext. 44")]
    [InlineData("201-555-0123 x44")]
    [InlineData("201-555-0123 Extension: 44")]
    [InlineData("201-555-0123, #44")]
    [InlineData("tel:+1-201-555-0123;ext=44")]
    [InlineData("TEL:201-555-0123 ext 4")]
    [InlineData("\u202a+1\u00a0(201)\u2011555\u20130123\u202c")]
    [InlineData("011 1 201 555 0123")]
    public void One_american_number_has_one_spelling(string written) =>
        Assert.Equal("+12015550123", PhoneNumber.Parse(written, PhoneCountry.UnitedStates).Text);

    [Theory]
    [InlineData("030 / 901820")]
    [InlineData("0049 30 901820")]
    [InlineData("+49 (0)30 901820")]
    [InlineData("+49 30 90 18 20")]
    public void One_german_number_has_one_spelling(string written) =>
        Assert.Equal("+4930901820", PhoneNumber.Parse(written, PhoneCountry.Germany).Text);

    [Fact]
    public void A_zero_that_belongs_to_the_number_stays()
    {
        Assert.Equal("+390669812345", PhoneNumber.Parse("06 698 12345", PhoneCountry.Italy).Text);
        Assert.Equal("+390669812345", PhoneNumber.Parse("+39 06 698 12345", PhoneCountry.UnitedStates).Text);
    }

    [Fact]
    public void A_country_whose_rules_are_not_known_is_read_by_its_code() =>
        Assert.Equal("+81312345678", PhoneNumber.Parse("+81 3 1234 5678", PhoneCountry.UnitedStates).Text);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("+")]
    [InlineData("ext. 44")]
    [InlineData("call me")]
    [InlineData("555-0123")]
    [InlineData("911")]
    [InlineData("1-800-FLOWERS")]
    [InlineData("101-555-0123")]
    [InlineData("201-155-0123")]
    [InlineData("201-555-01234")]
    [InlineData("+1 201 555 01")]
    [InlineData("++1 201 555 0123")]
    [InlineData("201+5550123")]
    [InlineData("+0 201 555 0123")]
    [InlineData("+81 12")]
    [InlineData("+81 1234567890123456")]
    [InlineData("12345678901234567890123456")]
    [InlineData("201-555-0123 or 201-555-0124")]
    [InlineData("201-555-0123 extra 5")]
    [InlineData("ada@mail.example")]
    [InlineData("\u0662\u0660\u0661-555-0123")]
    public void What_is_no_number_is_refused(string? written) =>
        Assert.False(PhoneNumber.TryParse(written, PhoneCountry.UnitedStates, out _));

    [Fact]
    public void The_one_spelling_is_read_as_itself_whatever_the_country()
    {
        Prop.ForAll(Numbers(), number => number == PhoneNumber.Parse(number.Text, PhoneCountry.Germany)
            && number == PhoneNumber.Parse(number.Text, PhoneCountry.Italy)
            && number == JsonSerializer.Deserialize<PhoneNumber>(JsonSerializer.Serialize(number))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_number_does_not_print() =>
        Assert.Equal("(number)", PhoneNumber.Parse("201-555-0123", PhoneCountry.UnitedStates).ToString());

    [Theory]
    [InlineData("\"201-555-0123\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("\"+1\"")]
    public void Stored_numbers_have_their_one_spelling_or_are_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<PhoneNumber>(json));

    /// <summary>Numbers of North America and Germany.</summary>
    internal static Arbitrary<PhoneNumber> Numbers()
    {
        var american =
            from area in Gen.Choose(200, 999)
            from office in Gen.Choose(200, 999)
            from line in Gen.Choose(0, 9999)
            select PhoneNumber.Parse($"+1{area}{office}{line:D4}", PhoneCountry.UnitedStates);
        var german =
            from area in Gen.Choose(20, 9999)
            from line in Gen.Choose(10_000, 9_999_999)
            select PhoneNumber.Parse($"+49{area}{line}", PhoneCountry.Germany);
        return Gen.OneOf(american, german).ToArbitrary();
    }
}
