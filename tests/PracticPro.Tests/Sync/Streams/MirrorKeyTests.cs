using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Tests.Sync.Streams;

public sealed class MirrorKeyTests
{
    private static readonly ConnectionId Connection = ConnectionId.Parse("connection-01m8ge6vs5apbbz7m7hjn9s1hg");

    [Theory]
    [InlineData("18bd587af60f6ec2")]
    [InlineData("AQMkADYA-x_y.z=")]
    public void An_id_of_letters_digits_and_four_marks_stands_as_it_is(string id) =>
        Assert.Equal($"{Connection}.{id}", MirrorKey.Of(Connection, id));

    [Theory]
    [InlineData("a/b", "~wUzdwDP2S53qgOpnXPKAoBXmclFgkKViZ4EVPcaP6hE")]
    [InlineData("a b", "~yGh6CKpdbtIEQyj6aml6uOltw0KR6MIDSujDjm_MbWU")]
    [InlineData("für", "~zSPExgOzRPY92W2AvJoK8gnXOAzk-qAbw1DnQsNktJA")]
    public void Any_other_is_hashed(string id, string hashed) =>
        Assert.Equal($"{Connection}.{hashed}", MirrorKey.Of(Connection, id));

    [Fact]
    public void An_id_of_more_than_140_characters_is_hashed()
    {
        Assert.Equal($"{Connection}.{new string('a', 140)}", MirrorKey.Of(Connection, new string('a', 140)));
        Assert.Equal($"{Connection}.~boFuxC3be6-NxnS2JqhYu_-vdrb0PEt6yUyCyViMljs", MirrorKey.Of(Connection, new string('a', 141)));
    }
}
