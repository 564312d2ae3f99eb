using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Xml;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// The service's JSON, as far as it is used (Azure/azure-rest-api-specs, keyvault data plane, Keys 7.6). Times are Unix
/// seconds, bytes base64url without padding, durations ISO 8601.
/// </summary>
internal static class KeyVaultShapes
{
    private const string Rotate = "Rotate";

    /// <summary>Digits of a version.</summary>
    private const int VersionLength = 32;

    /// <summary>Whether the vault could have named a version so; else it is not asked for it.</summary>
    public static bool IsVersion(KeyVersion version) => IsVersion(version.Text);

    public static byte[] NewKey(VaultKeyKind kind, int keySize) => Body(json =>
    {
        json.WriteString("kty", kind == VaultKeyKind.Wrapping ? "RSA" : "EC");
        if (kind == VaultKeyKind.Wrapping)
        {
            json.WriteNumber("key_size", keySize);
        }
        else
        {
            json.WriteString("crv", "P-256");
        }

        json.WriteStartArray("key_ops");
        foreach (var operation in (string[])(kind == VaultKeyKind.Wrapping ? ["wrapKey", "unwrapKey"] : ["sign", "verify"]))
        {
            json.WriteStringValue(operation);
        }

        json.WriteEndArray();
        json.WriteStartObject("tags");
        json.WriteString("practicpro", kind == VaultKeyKind.Wrapping ? "wrapping" : "signing");
        json.WriteEndObject();
    });

    /// <summary>An algorithm and a value: wrap, unwrap, sign.</summary>
    public static byte[] Use(string algorithm, ReadOnlySpan<byte> value)
    {
        // Text would stay in memory until it is collected; bytes can be zeroed.
        var encoded = new byte[Base64Url.GetEncodedLength(value.Length)];
        Base64Url.EncodeToUtf8(value, encoded);
        var body = Body(json =>
        {
            json.WriteString("alg", algorithm);
            json.WriteString("value", encoded);
        });
        Array.Clear(encoded);
        return body;
    }

    public static byte[] Enabled(bool isEnabled) => Body(json =>
    {
        json.WriteStartObject("attributes");
        json.WriteBoolean("enabled", isEnabled);
        json.WriteEndObject();
    });

    public static byte[] Policy(VaultKeyRotation rotation) => Body(json =>
    {
        json.WriteStartArray("lifetimeActions");
        if (rotation.RotateAfter is { } after)
        {
            json.WriteStartObject();
            json.WriteStartObject("trigger");
            json.WriteString("timeAfterCreate", Days(after));
            json.WriteEndObject();
            json.WriteStartObject("action");
            json.WriteString("type", Rotate);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("attributes");
        if (rotation.ExpireAfter is { } expiry)
        {
            json.WriteString("expiryTime", Days(expiry));
        }

        json.WriteEndObject();
    });

    public static VaultKey ReadKey(JsonElement bundle) => Understood(() =>
    {
        var key = bundle.GetProperty("key");
        var isCurve = key.GetProperty("kty").GetString()?.StartsWith("EC", StringComparison.Ordinal) == true;
        return ReadVersion(key.GetProperty("kid"), bundle) with
        {
            X = isCurve ? Base64Url.DecodeFromChars(key.GetProperty("x").GetString()) : default,
            Y = isCurve ? Base64Url.DecodeFromChars(key.GetProperty("y").GetString()) : default,
        };
    });

    /// <summary>One page of versions, and the address of the next.</summary>
    public static (IReadOnlyList<VaultKey> Versions, Uri? Next) ReadVersions(JsonElement page) => Understood(() =>
    {
        var next = page.TryGetProperty("nextLink", out var link) ? link.GetString() : null;
        return (
            (IReadOnlyList<VaultKey>)[.. page.GetProperty("value").EnumerateArray().Select(item => ReadVersion(item.GetProperty("kid"), item))],
            string.IsNullOrEmpty(next) ? null : new Uri(next));
    });

    public static DeletedVaultKey ReadDeleted(JsonElement bundle) => Understood(() => new DeletedVaultKey(
        Instant(bundle.GetProperty("deletedDate")),
        Instant(bundle.GetProperty("scheduledPurgeDate")),
        bundle.GetProperty("attributes").GetProperty("recoveryLevel").GetString()?.Contains("Purgeable", StringComparison.Ordinal) == false));

    public static VaultKeyRotation ReadPolicy(JsonElement policy) => Understood(() =>
    {
        TimeSpan? after = null;
        if (policy.TryGetProperty("lifetimeActions", out var actions))
        {
            foreach (var action in actions.EnumerateArray())
            {
                var kind = action.GetProperty("action").GetProperty("type").GetString();
                if (string.Equals(kind, Rotate, StringComparison.OrdinalIgnoreCase)
                    && action.GetProperty("trigger").TryGetProperty("timeAfterCreate", out var span))
                {
                    after = XmlConvert.ToTimeSpan(span.GetString()!);
                }
            }
        }

        var expiry = policy.TryGetProperty("attributes", out var attributes)
            && attributes.TryGetProperty("expiryTime", out var end) ? end.GetString() : null;
        return new VaultKeyRotation(after, string.IsNullOrEmpty(expiry) ? null : XmlConvert.ToTimeSpan(expiry));
    });

    /// <summary>The bytes of a use, if the version that did it is the one that was asked.</summary>
    public static byte[] ReadValue(JsonElement result, KeyVersion asked) => Understood(() =>
        VersionOf(result.GetProperty("kid")) == asked
            ? Base64Url.DecodeFromUtf8(Unquoted(result.GetProperty("value")))
            : throw new FormatException());

    // The bytes as they came: a text of an unwrapped key would stay in memory until it is collected.
    private static ReadOnlySpan<byte> Unquoted(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        return text.ValueKind == JsonValueKind.String ? raw[1..^1] : throw new FormatException();
    }

    private static VaultKey ReadVersion(JsonElement id, JsonElement holder)
    {
        var attributes = holder.GetProperty("attributes");
        return new VaultKey(VersionOf(id), attributes.GetProperty("enabled").GetBoolean(), Instant(attributes.GetProperty("created")));
    }

    private static KeyVersion VersionOf(JsonElement id)
    {
        var text = id.GetString() ?? "";
        var version = text[(text.LastIndexOf('/') + 1)..];
        return IsVersion(version) ? KeyVersion.Parse(version) : throw new FormatException();
    }

    private static bool IsVersion(string text) => text.Length == VersionLength && text.All(char.IsAsciiHexDigitLower);

    private static DateTimeOffset Instant(JsonElement seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds.GetInt64());

    private static string Days(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"P{span.Days}D");

    private static T Understood<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception other) when (other is KeyNotFoundException or InvalidOperationException or FormatException
            or ArgumentException or OverflowException)
        {
            throw new KeyStoreUnavailableException(new KeyStoreFailures.NotUnderstood());
        }
    }

    private static byte[] Body(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        var body = buffer.WrittenSpan.ToArray();
        buffer.Clear();
        return body;
    }
}
