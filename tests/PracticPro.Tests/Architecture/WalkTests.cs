namespace PracticPro.Tests.Architecture;

/// <summary>Whoever goes through all that a tenant keeps sees other capabilities' documents: that is for changes of keys alone.</summary>
public sealed class WalkTests
{
    [Fact]
    [Trait("Promise", "ISO-1")]
    public void Only_the_room_of_keys_walks_through_all_documents()
    {
        var documents = Assert.Single(Compiled.Types, type => type.FullName == "PracticPro.Storage.IDocuments");
        Assert.Contains(documents.Methods, method => method.Name == "WalkAsync");

        var strangers = Compiled.CallersOf("Documents::WalkAsync(")
            .Select(method => method.DeclaringType.FullName)
            .Where(name => Room.Of(name)?.Name != "Keys");
        Assert.Empty(strangers);
    }
}
