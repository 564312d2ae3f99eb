using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Kernel;
using PracticPro.Sync.Books;

namespace PracticPro.Tests.Sync.QuickBooks;

public sealed class MoneyTests
{
    [Fact]
    public void Any_amount_comes_back_from_its_text_exactly() =>
        Prop.ForAll<decimal, bool>(ArbMap.Default.ArbFor<decimal>(), ArbMap.Default.ArbFor<bool>(), ComesBack).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("362.070", "362.07")]
    [InlineData("275", "275")]
    [InlineData("-0.10", "-0.1")]
    public void An_amount_has_one_text(string written, string text)
    {
        Assert.True(Money.TryParse(written, out var money));
        Assert.Equal(text, money.Value.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,000.00 USD")]
    [InlineData("12 usd")]
    [InlineData("12 USD more")]
    [InlineData("1e3")]
    public void What_is_no_amount_is_refused(string text) => Assert.False(Money.TryParse(text, out _));

    private static bool ComesBack(decimal amount, bool named)
    {
        var money = new Money(amount, named ? "USD" : null);
        return JsonSerializer.Deserialize<Money>(JsonSerializer.Serialize(money, JsonShapes.Stored), JsonShapes.Stored) == money;
    }
}
