namespace PracticPro.Tests.Architecture;

/// <summary>On Azure the program signs in as itself: it neither makes nor holds what opens an account to whoever has it.</summary>
public sealed class OnAzureTests
{
    [Fact]
    public void No_code_makes_a_signed_address_or_holds_an_accounts_key()
    {
        string[] keys =
        [
            "SasBuilder", "GenerateSas", "SasUri", "SasQueryParameters", "AzureSasCredential", "UserDelegationKey",
            "StorageSharedKeyCredential", "AzureNamedKeyCredential",
        ];

        Assert.NotEmpty(Compiled.CallersOf("Azure.Storage.Blobs."));
        Assert.Empty(keys.SelectMany(Compiled.CallersOf).Select(method => method.FullName));
        Assert.Empty(
            from type in Compiled.Types
            from named in Compiled.NamedBy(type)
            where keys.Any(key => named.Name.Contains(key, StringComparison.Ordinal))
            select $"{type.FullName} names {named.FullName}");
    }
}
