using System.Security.Cryptography;
using System.Text;
using PracticPro.Vault;

namespace PracticPro.Tests.Vault;

/// <summary>The secret a provider sends along with a connection's notifications.</summary>
[Trait("Promise", "CON-2")]
public sealed class WebhookSecretsTests
{
    private static readonly byte[] First = TestKeys.Filled(1);
    private static readonly byte[] Second = TestKeys.Filled(2);

    [Fact]
    public void It_is_the_hash_that_is_written_down()
    {
        byte[] message =
        [
            .. Encoding.ASCII.GetBytes("practicpro webhook 1"),
            0, 6, .. Encoding.UTF8.GetBytes("test-a"),
            0, 6, .. Encoding.UTF8.GetBytes("conn-1"),
            1,
        ];
        var expected = Convert.ToBase64String(HMACSHA512.HashData(First, message).AsSpan(0, 32)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        Assert.Equal(expected, Secret(Keys((1, First)), "conn-1"));
        Assert.Equal(WebhookSecrets.Characters, expected.Length);
    }

    [Fact]
    public void It_is_accepted_for_its_own_connection_and_tenant_alone()
    {
        var keys = Keys((1, First));
        var secret = Secret(keys, "conn-1");
        Assert.True(keys.IsWebhookSecret("conn-1", secret));
        Assert.False(keys.IsWebhookSecret("conn-2", secret));
        Assert.False(TestKeys.Of(VaultFixture.B, (Purpose.Tokens, 1, First)).IsWebhookSecret("conn-1", secret));
        Assert.Equal("***", keys.WebhookSecret("conn-1").ToString());
    }

    [Fact]
    public void Every_other_text_is_refused()
    {
        var keys = Keys((1, First));
        var secret = Secret(keys, "conn-1");
        for (var at = 0; at < secret.Length; at++)
        {
            var changed = secret.ToCharArray();
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            Assert.False(keys.IsWebhookSecret("conn-1", new string(changed)));
        }

        Assert.All(
            (string?[])[null, "", secret[1..], secret + "A", secret + "=", secret.ToUpperInvariant(), new string(' ', 43), new string('é', 43)],
            text => Assert.False(keys.IsWebhookSecret("conn-1", text)));
    }

    [Fact]
    public void While_the_key_is_changed_both_are_accepted_and_the_newest_is_given_out()
    {
        var before = Secret(Keys((1, First)), "conn-1");
        var during = Keys((1, First), (2, Second));
        var newest = Secret(during, "conn-1");
        Assert.NotEqual(before, newest);
        Assert.True(during.IsWebhookSecret("conn-1", before));
        Assert.True(during.IsWebhookSecret("conn-1", newest));

        var after = Keys((2, Second));
        Assert.False(after.IsWebhookSecret("conn-1", before));
        Assert.Equal(newest, Secret(after, "conn-1"));
    }

    [Fact]
    public void Another_purpose_gives_none()
    {
        var keys = TestKeys.Of(VaultFixture.A, (Purpose.Records, 1, First));
        Assert.Throws<ArgumentOutOfRangeException>(() => keys.WebhookSecret("conn-1"));
    }

    private static TenantKeys Keys(params (uint Generation, byte[] Key)[] keys) =>
        TestKeys.Of(VaultFixture.A, [.. keys.Select(key => (Purpose.Tokens, key.Generation, key.Key))]);

    private static string Secret(TenantKeys keys, string connection) => keys.WebhookSecret(connection).Reveal("test");
}
