using PracticPro.CosmosDouble.Partitions;

namespace PracticPro.Tests.CosmosDouble;

public sealed class EffectivePartitionKeyTests
{
    // As the SDK's own code computes them (its PartitionKeyInternal, by reflection).
    [Theory]
    [InlineData("[\"redmond\"]")]
    [InlineData("[\"\"]")]
    [InlineData("[\"a key that is longer than one block of sixteen bytes\"]")]
    [InlineData("[\"ten bytes.\"]")]
    [InlineData("[null]")]
    [InlineData("[true]")]
    [InlineData("[12.5]")]
    [InlineData("[{}]")]
    [InlineData("[\"anna\",\"notes\",7]")]
    public void A_key_lies_where_the_sdk_says(string key) =>
        Assert.Equal(SdkPlace.Of(key), EffectivePartitionKey.Of(PartitionKeyValue.Parse(key)!));
}
