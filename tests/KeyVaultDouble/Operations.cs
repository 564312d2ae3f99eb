namespace PracticPro.KeyVaultDouble;

/// <summary>A request, understood: which operation on which key and version.</summary>
internal sealed record Asked(string Operation, string Name = "", string? Version = null);

/// <summary>The operations and their routes (Key Vault REST, keys, 7.0 and later).</summary>
internal static class Operations
{
    /// <summary>Counted for requests without a good token.</summary>
    public const string Challenge = "challenge";

    /// <summary>What is asked, or null where the service has nothing.</summary>
    public static Asked? Read(string method, string path) =>
        (method, path.Split('/').Skip(1).ToArray()) switch
        {
            ("GET", ["keys"]) => new("list"),
            ("GET", ["deletedkeys"]) => new("listdeleted"),
            ("POST", ["keys", var name, "create"]) => new("create", name),
            ("POST", ["keys", var name, "rotate"]) => new("rotate", name),
            ("GET", ["keys", var name, "versions"]) => new("versions", name),
            ("GET", ["keys", var name, "rotationpolicy"]) => new("getpolicy", name),
            ("PUT", ["keys", var name, "rotationpolicy"]) => new("setpolicy", name),
            ("GET", ["keys", var name]) => new("get", name),
            ("GET", ["keys", var name, var version]) => new("get", name, version),
            ("PATCH", ["keys", var name, var version]) => new("update", name, version),
            ("DELETE", ["keys", var name]) => new("delete", name),
            ("POST", ["keys", var name, "wrapkey" or "unwrapkey" or "sign" or "verify"]) => new(Last(path), name),
            ("POST", ["keys", var name, var version, "wrapkey" or "unwrapkey" or "sign" or "verify"]) =>
                new(Last(path), name, version),
            ("GET", ["deletedkeys", var name]) => new("getdeleted", name),
            ("POST", ["deletedkeys", var name, "recover"]) => new("recover", name),
            ("DELETE", ["deletedkeys", var name]) => new("purge", name),
            _ => null,
        };

    private static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];
}
