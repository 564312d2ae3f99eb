using System.Buffers.Text;
using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.KeyVaultDouble;

/// <summary>Answers in the service's shapes.</summary>
/// <param name="apiVersion">The version that was asked for.</param>
internal sealed class Shapes(string origin, string apiVersion, KeyVaultServerOptions options)
{
    /// <summary>Without <c>Purgeable</c> in it, purge protection is on.</summary>
    private string RecoveryLevel => (options.Retention < TimeSpan.FromDays(90), options.PurgeProtection) switch
    {
        (false, true) => "Recoverable",
        (false, false) => "Recoverable+Purgeable",
        (true, true) => "CustomizedRecoverable",
        (true, false) => "CustomizedRecoverable+Purgeable",
    };

    public string IdOf(KeptKey key, KeptVersion version) => $"{origin}/keys/{key.Name}/{version.Id}";

    /// <summary>Where a list goes on.</summary>
    public string Next(string path, int skip) =>
        string.Create(CultureInfo.InvariantCulture, $"{origin}/{path}?api-version={apiVersion}&$skiptoken={skip}");

    public JsonObject Bundle(KeptKey key, KeptVersion version)
    {
        var bundle = new JsonObject { ["key"] = WebKey(key, version), ["attributes"] = Attributes(version) };
        return WithTags(bundle, version);
    }

    public JsonObject Item(KeptKey key, KeptVersion version, bool named)
    {
        var id = named ? $"{origin}/keys/{key.Name}" : IdOf(key, version);
        return WithTags(new JsonObject { ["kid"] = id, ["attributes"] = Attributes(version) }, version);
    }

    public JsonObject DeletedBundle(KeptKey key) => WithDeletion(Bundle(key, key.Newest), key);

    public JsonObject DeletedItem(KeptKey key) => WithDeletion(Item(key, key.Newest, named: true), key);

    public JsonObject Policy(KeptKey key)
    {
        var policy = key.Policy;
        var attributes = new JsonObject();
        if (policy?.ExpiryTime is { } expiry)
        {
            attributes["expiryTime"] = expiry;
        }

        if (policy is not null)
        {
            attributes["created"] = policy.Created;
            attributes["updated"] = policy.Updated;
        }

        return new JsonObject
        {
            ["id"] = $"{origin}/keys/{key.Name}/rotationpolicy",
            ["lifetimeActions"] = policy?.Actions.DeepClone() ?? RotationRules.Untouched(),
            ["attributes"] = attributes,
        };
    }

    private static JsonObject WithTags(JsonObject shape, KeptVersion version)
    {
        if (!version.Tags.IsEmpty)
        {
            shape["tags"] = new JsonObject(version.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)));
        }

        return shape;
    }

    private JsonObject WithDeletion(JsonObject shape, KeptKey key)
    {
        shape["recoveryId"] = $"{origin}/deletedkeys/{key.Name}";
        shape["deletedDate"] = key.Deleted!.At;
        shape["scheduledPurgeDate"] = key.Deleted.PurgeAt;
        return shape;
    }

    private JsonObject WebKey(KeptKey key, KeptVersion version)
    {
        var shape = new JsonObject
        {
            ["kid"] = IdOf(key, version),
            ["kty"] = version.Kind,
            ["key_ops"] = new JsonArray([.. version.Operations.Select(operation => (JsonNode)operation)]),
        };
        if (version.Kind == "RSA")
        {
            using var rsa = version.OpenRsa();
            var numbers = rsa.ExportParameters(false);
            shape["n"] = Base64Url.EncodeToString(numbers.Modulus);
            shape["e"] = Base64Url.EncodeToString(numbers.Exponent);
        }
        else
        {
            using var curve = version.OpenCurve();
            var point = curve.ExportParameters(false).Q;
            shape["crv"] = "P-256";
            shape["x"] = Base64Url.EncodeToString(point.X);
            shape["y"] = Base64Url.EncodeToString(point.Y);
        }

        return shape;
    }

    private JsonObject Attributes(KeptVersion version)
    {
        var attributes = new JsonObject
        {
            ["enabled"] = version.IsEnabled,
            ["created"] = version.Created,
            ["updated"] = version.Updated,
            ["recoveryLevel"] = RecoveryLevel,
            ["recoverableDays"] = options.Retention.Days,
            ["exportable"] = false,
        };
        if (version.NotBefore is { } from)
        {
            attributes["nbf"] = from;
        }

        if (version.Expires is { } until)
        {
            attributes["exp"] = until;
        }

        return attributes;
    }
}
