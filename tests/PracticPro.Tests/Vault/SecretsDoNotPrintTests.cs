using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault;

public sealed class SecretsDoNotPrintTests : IDisposable
{
    private const string Canary = "canary-51d0";

    private readonly VaultFixture vault = Make();

    [Fact]
    [Trait("Promise", "CON-2")]
    public async Task No_text_form_shows_a_secret()
    {
        var keys = await vault.KeysAsync(A);
        using var secret = new SecretBytes(Utf8(Canary));
        using var plain = new PlainBytes(Utf8(Canary).ToArray());
        var value = keys.Seal(Purpose.Tokens, Place, Utf8(Canary));
        var opened = keys.Open(Purpose.Tokens, Place, value);

        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", plain.ToString());
        Assert.Equal("***", keys.ToString());
        Assert.Equal("***", vault.Local.PlatformKeys.ToString());
        Assert.Equal("***", LocalKeys.New().ToString());
        Assert.DoesNotContain(Canary, $"{opened} {value}", StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "CON-2")]
    public void Secrets_have_no_JSON_form_alone_or_inside_another()
    {
        using var secret = new SecretBytes(Utf8(Canary));
        using var plain = new PlainBytes(Utf8(Canary).ToArray());

        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(secret, JsonShapes.Stored));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(plain, JsonShapes.Stored));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(new { Token = plain }, JsonShapes.Stored));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<SecretBytes>("\"eA==\"", JsonShapes.Stored));
    }

    [Fact]
    public async Task No_failure_or_exception_names_place_or_content()
    {
        var keys = await vault.KeysAsync(A);
        var place = new SealContext("note", Canary, "text", 1);
        var value = keys.Seal(Purpose.Notes, place, Utf8(Canary)).Memory.ToArray();
        value[^1] ^= 1;

        var failure = keys.Open(Purpose.Notes, place, new SealedBytes(value)).Failure!;

        Assert.DoesNotContain(Canary, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, new UnexpectedFailureException(failure).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(A.Text, new KeysExpiredException().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_equal_by_content_and_tell_nothing_by_hash()
    {
        using var one = new SecretBytes(Utf8("same"));
        using var two = new SecretBytes(Utf8("same"));
        using var other = new SecretBytes(Utf8("else"));

        Assert.Equal(one, two);
        Assert.NotEqual(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Fact]
    public void A_disposed_secret_is_zeroed_and_unreadable()
    {
        var secret = new SecretBytes(Utf8(Canary));
        var bytes = secret.RevealMemory("to look at it afterwards");
        var content = Utf8(Canary).ToArray();
        var plain = new PlainBytes(content);

        secret.Dispose();
        plain.Dispose();

        Assert.All(bytes.ToArray(), each => Assert.Equal(0, each));
        Assert.All(content, each => Assert.Equal(0, each));
        Assert.Throws<ObjectDisposedException>(() => secret.Reveal("test").Length);
        Assert.Throws<ObjectDisposedException>(() => plain.Span.Length);
        Assert.Throws<ObjectDisposedException>(secret.ThrowIfZeroedMeanwhile);
    }

    [Fact]
    public void Every_purpose_has_its_own_lasting_word() =>
        Assert.Equal(
            ["records", "notes", "tokens", "export", "audit-pii", "staging"],
            PurposeWords.All.Select(purpose => purpose.Word()));

    public void Dispose() => vault.Dispose();
}
