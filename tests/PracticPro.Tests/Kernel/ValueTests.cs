using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Kernel;

public sealed class ValueTests
{
    [Fact]
    public void An_id_comes_back_from_its_text_and_its_json()
    {
        ComesBack(PersonId.New(TimeProvider.System));
        ComesBack(ConnectionId.New(TimeProvider.System));
        ComesBack(ApprovalId.From(new byte[16]));
        ComesBack(TenantId.New(TimeProvider.System));
        ComesBack(TenantId.Parse("test-a"));
    }

    [Fact]
    public void An_id_that_was_never_made_cannot_be_read()
    {
        Assert.Throws<InvalidOperationException>(() => default(TenantId).Text);
        Assert.Throws<InvalidOperationException>(() => default(PersonId).Text);
        Assert.Throws<InvalidOperationException>(() => default(ConnectionId).ToString());
        Assert.Throws<InvalidOperationException>(() => default(ApprovalId).Text);
        Assert.Throws<InvalidOperationException>(() => default(EmailAddress).Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("person-")]
    [InlineData("connection-00000000000000000000000000")]
    [InlineData("person-0000000000000000000000000")]
    [InlineData("person-0000000000000000000000000U")]
    [InlineData("Person-00000000000000000000000000")]
    [InlineData("person-00000000000000000000000000 ")]
    public void What_is_no_id_does_not_parse(string? text) => Assert.False(PersonId.TryParse(text, out _));

    [Theory]
    [InlineData("ab")]
    [InlineData("1ab")]
    [InlineData("a--b")]
    [InlineData("abc-")]
    [InlineData("Abc")]
    [InlineData("a/b")]
    [InlineData("a.b")]
    public void What_is_no_tenant_does_not_parse(string text) => Assert.False(TenantId.TryParse(text, out _));

    [Fact]
    public void Ids_made_later_sort_later()
    {
        var clock = new FakeClock();
        var ids = Enumerable.Range(0, 50).Select(_ =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            return PersonId.New(clock).Text;
        }).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void An_address_is_safe_in_a_header_or_does_not_parse() =>
        Prop.ForAll<string?>(ArbMap.Default.ArbFor<string?>(), static text =>
            !EmailAddress.TryParse($"{text}@{text}.example", out var address)
            || (Ascii.IsValid(address.Text) && address.Text.All(symbol => symbol is > ' ' and not ('<' or '>' or ',' or ';' or '"' or '(' or ')' or ':'))))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("ada@mail.example", true)]
    [InlineData("ada.o'hara+tag@mail.example", true)]
    [InlineData("ada@mail", false)]
    [InlineData("ada@@mail.example", false)]
    [InlineData(".ada@mail.example", false)]
    [InlineData("ada.@mail.example", false)]
    [InlineData("ada@.example", false)]
    [InlineData("ada@mail.example.", false)]
    [InlineData("ada@mail.example\n", false)]
    [InlineData("\"ada\"@mail.example", false)]
    [InlineData("ada@[127.0.0.1]", false)]
    [InlineData("ädä@mail.example", false)]
    public void An_address_is_one_dot_atom_and_one_host(string text, bool isOne) => Assert.Equal(isOne, EmailAddress.TryParse(text, out _));

    [Fact]
    public void An_address_is_equal_in_any_case_and_never_printed()
    {
        var (one, other) = (EmailAddress.Parse("Ada@Mail.example"), EmailAddress.Parse("ada@mail.EXAMPLE"));
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal("mail.example", one.Domain);
        Assert.DoesNotContain("ada", $"{one}", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_cursor_comes_back_from_its_text() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyString>(), static position =>
        {
            var utf8 = new string([.. position.Get.Where(symbol => !char.IsSurrogate(symbol)).Take(200)]) + "x";
            return Cursor.TryParse(Cursor.At(utf8).ToString(), out var back) && back.Position == utf8;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_no_cursor_does_not_parse()
    {
        string?[] texts = [null, "", "!", "a b", new string('A', 1025), Base64Url.EncodeToString([0xFF, 0xFE])];
        Assert.All(texts, text => Assert.False(Cursor.TryParse(text, out _)));
    }

    [Fact]
    public void An_outcome_is_a_value_or_a_failure_and_nothing_else()
    {
        Outcome<int> value = 7;
        Outcome<int> failure = new Failure.NotFound("not-found", "No.");
        Assert.Equal(7, value.Expect());
        Assert.False(failure.Try(out _, out var why));
        Assert.Equal("not-found", why.Code);
        Assert.Equal("not-found", Assert.Throws<UnexpectedFailureException>(() => failure.Expect()).Message);
        Assert.Throws<InvalidOperationException>(() => default(Outcome<int>).Succeeded);
    }

    [Fact]
    public void A_secret_text_never_prints()
    {
        var secret = new SecretText("hunter22");
        Assert.DoesNotContain("hunter22", $"{secret}", StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(secret));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(new { secret }));
        Assert.Equal(new SecretText("hunter22"), secret);
        Assert.NotEqual(new SecretText("hunter23"), secret);
    }

    private static void ComesBack<TId>(TId id)
        where TId : struct, IId<TId>
    {
        Assert.True(TId.TryParse(id.Text, out var parsed));
        Assert.Equal(id, parsed);
        var json = JsonSerializer.Serialize(id, JsonShapes.Stored);
        Assert.Equal(id, JsonSerializer.Deserialize<TId>(json, JsonShapes.Stored));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TId>("7", JsonShapes.Stored));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TId>("\"x\"", JsonShapes.Stored));
    }
}
