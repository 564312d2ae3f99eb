using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PracticPro.KeyVaultDouble;

/// <summary>Carries out what is asked of keys themselves: making, reading, changing, rotating, deleting.</summary>
internal sealed partial class KeysDesk(KeyShelf shelf, KeyVaultServerOptions options)
{
    private static readonly ImmutableArray<string> RsaOperations =
        ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"];

    private static readonly ImmutableArray<string> CurveOperations = ["sign", "verify"];

    /// <summary>The answer, or null for one without a body (204).</summary>
    public JsonObject? Carry(Asked asked, JsonElement body, string? skip, Shapes shapes)
    {
        if (asked.Name.Length > 0 && !KeyName().IsMatch(asked.Name))
        {
            throw Refusal.BadParameter("The key name is 1–127 of 0-9, a-z, A-Z and -.");
        }

        return asked.Operation switch
        {
            "create" => Create(asked.Name, body, shapes),
            "get" => Get(asked, shapes),
            "versions" => Page(
                Living(asked.Name).Versions, version => shapes.Item(Living(asked.Name), version, named: false), skip, shapes,
                $"keys/{asked.Name}/versions"),
            "list" => Page(shelf.List(deleted: false), key => shapes.Item(key, key.Newest, named: true), skip, shapes, "keys"),
            "listdeleted" => Page(shelf.List(deleted: true), shapes.DeletedItem, skip, shapes, "deletedkeys"),
            "update" => Update(asked, body, shapes),
            "rotate" => Rotate(asked.Name, shapes),
            "getpolicy" => shapes.Policy(Living(asked.Name)),
            "setpolicy" => SetPolicy(asked.Name, body, shapes),
            "delete" => Delete(asked.Name, shapes),
            "getdeleted" => shapes.DeletedBundle(InBin(asked.Name)),
            "recover" => Recover(asked.Name, shapes),
            "purge" => Purge(asked.Name),
            _ => throw Refusal.NotFound(),
        };
    }

    /// <summary>The key, if it is there and not deleted.</summary>
    public KeptKey Living(string name) => NotDeleted(shelf.Find(name));

    private static KeptKey NotDeleted(KeptKey? key) => key is { Deleted: null } ? key : throw Refusal.NotFound();

    private KeptKey InBin(string name) => InBin(shelf.Find(name));

    private static KeptKey InBin(KeptKey? key) => key is { Deleted: not null } ? key : throw Refusal.NotFound();

    private JsonObject Create(string name, JsonElement body, Shapes shapes)
    {
        RefuseIfInBin(shelf.Find(name));
        var kind = Text(body, "kty");
        var bits = body.TryGetProperty("key_size", out var size) ? size.GetInt32() : 2048;
        if (kind is not ("RSA" or "EC") || (kind == "RSA" && bits is not (2048 or 3072 or 4096))
            || (kind == "EC" && Text(body, "crv") is not (null or "P-256")))
        {
            throw Refusal.BadParameter("The key type, size or curve is not one this vault makes.");
        }

        var offered = kind == "RSA" ? RsaOperations : CurveOperations;
        var operations = OperationsIn(body, offered) ?? offered;
        var made = Attributed(KeptVersion.Make(kind, kind == "EC" ? 256 : bits, operations, shelf.Now, Tags(body) ?? NoTags), body);
        var kept = shelf.Change(name, found =>
        {
            RefuseIfInBin(found);
            return found is null ? new KeptKey(name, [made]) : found with { Versions = found.Versions.Add(made) };
        })!;
        return shapes.Bundle(kept, made);
    }

    private JsonObject Get(Asked asked, Shapes shapes)
    {
        var key = Living(asked.Name);
        var version = key.Version(asked.Version);
        return version.IsEnabled
            ? shapes.Bundle(key, version)
            : throw Refusal.Forbidden("KeyDisabled", "Operation get is not allowed on a disabled key.");
    }

    private JsonObject Update(Asked asked, JsonElement body, Shapes shapes)
    {
        var kept = shelf.Change(asked.Name, found =>
        {
            var key = NotDeleted(found);
            var version = key.Version(asked.Version);
            var offered = version.Kind == "RSA" ? RsaOperations : CurveOperations;
            return key.With(Attributed(version, body) with
            {
                Updated = shelf.Now,
                Operations = OperationsIn(body, offered) ?? version.Operations,
                Tags = Tags(body) ?? version.Tags,
            });
        })!;
        return shapes.Bundle(kept, kept.Version(asked.Version));
    }

    private JsonObject Rotate(string name, Shapes shapes)
    {
        var before = Living(name).Newest;
        var made = KeptVersion.Make(before.Kind, before.Bits, before.Operations, shelf.Now, before.Tags);
        var kept = shelf.Change(name, found =>
        {
            var key = NotDeleted(found);
            var expiry = key.Policy?.ExpiryTime is { } after
                ? made.Created + (long)System.Xml.XmlConvert.ToTimeSpan(after).TotalSeconds
                : (long?)null;
            return key with { Versions = key.Versions.Add(made with { Expires = expiry }) };
        })!;
        return shapes.Bundle(kept, kept.Version(made.Id));
    }

    private JsonObject SetPolicy(string name, JsonElement body, Shapes shapes)
    {
        Living(name);
        return shapes.Policy(shelf.Change(name, found =>
        {
            var key = NotDeleted(found);
            return key with { Policy = RotationRules.Checked(body, key.Policy, shelf.Now) };
        })!);
    }

    private JsonObject Delete(string name, Shapes shapes) =>
        shapes.DeletedBundle(shelf.Change(name, found => NotDeleted(found) with
        {
            Deleted = new Deletion(shelf.Now, shelf.Now + (long)options.Retention.TotalSeconds),
        })!);

    private JsonObject Recover(string name, Shapes shapes)
    {
        var kept = shelf.Change(name, static found => InBin(found) with { Deleted = null })!;
        return shapes.Bundle(kept, kept.Newest);
    }

    private JsonObject? Purge(string name)
    {
        InBin(name);
        if (options.PurgeProtection)
        {
            throw Refusal.Forbidden("PurgeProtectionEnabled", "Operation purge is not allowed: purge protection is on for this vault.");
        }

        shelf.Change(name, static _ => null);
        return null;
    }

    private JsonObject Page<T>(IReadOnlyList<T> all, Func<T, JsonObject> shape, string? skip, Shapes shapes, string path)
    {
        var from = int.TryParse(skip, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 0;
        var items = all.Skip(from).Take(options.PageSize).Select(item => (JsonNode)shape(item)).ToArray();
        return new JsonObject
        {
            ["value"] = new JsonArray(items),
            ["nextLink"] = from + items.Length < all.Count ? shapes.Next(path, from + items.Length) : null,
        };
    }

    private static void RefuseIfInBin(KeptKey? key)
    {
        if (key is { Deleted: not null })
        {
            throw Refusal.Conflict(
                "ObjectIsDeletedButRecoverable",
                "A key of this name is deleted but can be recovered; the name cannot be used until it is purged.");
        }
    }

    private static ImmutableSortedDictionary<string, string> NoTags => ImmutableSortedDictionary<string, string>.Empty;

    private static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static ImmutableArray<string>? OperationsIn(JsonElement body, ImmutableArray<string> offered)
    {
        if (!body.TryGetProperty("key_ops", out var asked))
        {
            return null;
        }

        ImmutableArray<string> operations = [.. asked.EnumerateArray().Select(one => one.GetString() ?? "")];
        return operations.All(offered.Contains) ? operations : throw Refusal.BadParameter("A key operation does not fit the key type.");
    }

    private static ImmutableSortedDictionary<string, string>? Tags(JsonElement body) =>
        body.TryGetProperty("tags", out var asked)
            ? asked.EnumerateObject().ToImmutableSortedDictionary(tag => tag.Name, tag => tag.Value.GetString() ?? "")
            : null;

    private static KeptVersion Attributed(KeptVersion version, JsonElement body)
    {
        if (!body.TryGetProperty("attributes", out var asked))
        {
            return version;
        }

        var changed = version with
        {
            IsEnabled = asked.TryGetProperty("enabled", out var enabled) ? enabled.GetBoolean() : version.IsEnabled,
            NotBefore = asked.TryGetProperty("nbf", out var from) ? from.GetInt64() : version.NotBefore,
            Expires = asked.TryGetProperty("exp", out var until) ? until.GetInt64() : version.Expires,
        };
        return changed.Expires is { } end && changed.NotBefore is { } begin && end <= begin
            ? throw Refusal.BadParameter("The expiry is not after the activation.")
            : changed;
    }

    [GeneratedRegex("^[0-9a-zA-Z-]{1,127}$")]
    private static partial Regex KeyName();
}
