using System.Diagnostics;
using System.Text.Json.Serialization;
using PracticPro.Access;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;

namespace PracticPro.Tests.Architecture;

/// <summary>
/// A type that carries a secret does not print it, and has no JSON form unless there is a reason for one. A record with a
/// token and the text form its compiler writes fails here.
/// </summary>
[Trait("Promise", "CON-2")]
public sealed class SecretMembersTests
{
    private const string Sealed = "stored sealed: SealedRecords writes its JSON, seals it and zeroes it";

    /// <summary>Carriers that have a JSON form, and why.</summary>
    private static readonly Dictionary<string, string> WithJson = new()
    {
        ["PracticPro.Access.Session"] = Sealed,
        ["PracticPro.Access.Person"] = Sealed,
        ["PracticPro.Sync.Connections.ConnectAttempt"] = Sealed,
        ["PracticPro.Sync.Connections.ConnectAttempt+Schema1"] = "read from a sealed record of an earlier shape, never written",
        ["PracticPro.Sync.Connections.HeldToken"] = Sealed,
        ["PracticPro.Sync.Connections.GrantedTokens+Schema1"] = "read from a sealed record of an earlier shape, never written",
        ["PracticPro.Access.DescribeSession+Answer"] = "the answer to the person whose token it is",
        ["PracticPro.Access.AccessFunctions+SignInRequest"] = "read from the request, never written",
        ["PracticPro.Sync.Connections.OAuthGrants+TokenAnswer"] = "read from the provider's answer, never written",
        ["PracticPro.Cli.Demo.DemoShapes+Session"] = "read from the program's answer, never written",
        ["PracticPro.Vault.Drivers.Local.LocalKeys"] = "the key file itself",
        ["PracticPro.Vault.Drivers.Local.LocalFleetHashKey"] = "a part of the key file",
        ["PracticPro.Vault.Drivers.Local.LocalSigningKey"] = "a part of the key file",
    };

    private static readonly IReadOnlyList<SecretMembers.Carrier> Carriers = SecretMembers.Of(typeof(TenantId).Assembly);

    [Fact]
    public void What_carries_a_secret_is_found()
    {
        Assert.True(Carriers.Count >= 8, string.Join(' ', Carriers.Select(carrier => carrier.Type.Name)));
        Assert.Contains(Carriers, carrier => carrier.Type == typeof(Session) && carrier.Members.Contains(nameof(Session.CsrfToken)));
        Assert.Contains(Carriers, carrier => carrier.Type == typeof(Person));
        Assert.Contains(Carriers, carrier => carrier.Type == typeof(FinishConnection.Answer));
        Assert.Contains(Carriers, carrier => carrier.Type == typeof(PracticPro.Vault.Drivers.Local.LocalKeys));
    }

    [Fact]
    public void What_carries_a_secret_prints_nothing_of_it()
    {
        Assert.All(Carriers, carrier => Assert.True(carrier.PrintsByHand, $"{carrier.Type} would print {string.Join(", ", carrier.Members)}."));
        Assert.All(
            Carriers.Where(carrier => carrier.Type.GetMethod("ToString", Type.EmptyTypes)!.DeclaringType == carrier.Type),
            carrier => Assert.Equal("***", carrier.Printed));
    }

    [Fact]
    public void What_carries_a_secret_shows_none_to_a_debugger() =>
        Assert.All(Carriers, carrier =>
        {
            Assert.False(carrier.Type.IsDefined(typeof(DebuggerDisplayAttribute), inherit: true), carrier.Type.FullName);
            Assert.False(carrier.Type.IsDefined(typeof(DebuggerTypeProxyAttribute), inherit: true), carrier.Type.FullName);
        });

    [Fact]
    public void What_carries_a_secret_has_no_JSON_form_but_for_a_reason()
    {
        var shown = Carriers.Where(carrier => !IsNeverJson(carrier.Type)).Select(carrier => carrier.Type.FullName!).ToList();

        var bare = shown.Except(WithJson.Keys).ToList();
        Assert.True(bare.Count == 0, $"These carry a secret and have a JSON form; give them NeverJson, or a reason above: {string.Join(' ', bare)}");
    }

    [Fact]
    public void What_holds_a_carrier_that_has_a_JSON_form_has_none_itself()
    {
        var carriers = Carriers.Where(carrier => !IsNeverJson(carrier.Type)).Select(carrier => carrier.Type).ToHashSet();
        var holders =
            from type in typeof(TenantId).Assembly.GetTypes()
            where type.Namespace?.StartsWith("PracticPro", StringComparison.Ordinal) == true && !carriers.Contains(type) 
                && !type.IsNestedPrivate && !type.Name.Contains('<', StringComparison.Ordinal)
            where SecretMembers.Shown(type).Any(member => carriers.Contains(member.Type))
            where !IsNeverJson(type)
            select type.FullName;

        Assert.True(!holders.Any(), $"These hold a secret and would be written with it; give them NeverJson: {string.Join(' ', holders)}");
    }

    [Fact]
    public void An_exemption_that_is_no_longer_needed_is_taken_out()
    {
        var types = Carriers.Select(carrier => carrier.Type.FullName).ToList();

        Assert.Empty(WithJson.Keys.Except(types));
        Assert.All(
            SecretMembers.NoSecrets.Keys.Concat(SecretMembers.Marked),
            full => Assert.Contains(
                SecretMembers.Shown(typeof(TenantId).Assembly.GetType(full[..full.LastIndexOf('.')], throwOnError: true)!),
                member => member.Name == full[(full.LastIndexOf('.') + 1)..]));
    }

    [Fact]
    public void A_careless_record_would_be_found()
    {
        var careless = SecretMembers.Of([typeof(Careless), typeof(CarelessBytes), typeof(Careful)]);

        Assert.Equal([typeof(Careless), typeof(CarelessBytes)], careless.Select(carrier => carrier.Type));
        Assert.All(careless, carrier => Assert.False(carrier.PrintsByHand));
    }

    [Theory]
    [InlineData("RefreshToken", true)]
    [InlineData("clientSecret", true)]
    [InlineData("PasswordHash", true)]
    [InlineData("TokenHash", false)]
    [InlineData("SecretName", false)]
    [InlineData("Subject", false)]
    public void A_name_tells_what_is_behind_it(string name, bool secret) => Assert.Equal(secret, SecretMembers.SoundsSecret(name));

    private static bool IsNeverJson(Type type) =>
        type.GetCustomAttributes(typeof(JsonConverterAttribute), inherit: true).Cast<JsonConverterAttribute>()
            .Any(attribute => attribute.ConverterType is { IsGenericType: true } converter
                && converter.GetGenericTypeDefinition() == typeof(NeverJson<>)
                && converter.GetGenericArguments()[0] == type);

    internal sealed record Careless(string Subject, string? RefreshToken);

    internal sealed record CarelessBytes(ReadOnlyMemory<byte> DataKey);

    internal sealed record Careful(string Subject, SecretText RefreshToken, string TokenHash);
}
