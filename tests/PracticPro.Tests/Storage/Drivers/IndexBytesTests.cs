using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Storage.Drivers.Sqlite;

namespace PracticPro.Tests.Storage.Drivers;

public sealed class IndexBytesTests
{
    // Of letters of one to four bytes, and of none.
    private static readonly Gen<string> Values = Gen.Elements("a", "ü", "λ", "心", "🩺", "|", "0").ArrayOf().Select(string.Concat);

    [Fact]
    public void The_values_are_stored_in_the_order_of_their_names_as_drawn()
    {
        var bytes = IndexBytes.Format(ImmutableDictionary<string, string>.Empty
            .Add("by-thread", "t|1")
            .Add("by-age", "")
            .Add("by-name", "Mü"));

        string[] drawn = ["06", Hex("by-age"u8), "0000", "07", Hex("by-name"u8), "0003", Hex("Mü"u8), "09", Hex("by-thread"u8), "0003", Hex("t|1"u8)];
        Assert.Equal(string.Concat(drawn), Hex(bytes));
    }

    [Fact]
    public void What_is_stored_is_what_is_read() => Prop.ForAll(
        Values.ArrayOf().ToArbitrary(),
        static values =>
        {
            var indexed = values.Index().ToImmutableDictionary(static pair => $"index-{pair.Index}", static pair => pair.Item);
            var read = IndexBytes.Parse(IndexBytes.Format(indexed));
            return read.Count == indexed.Count && indexed.All(pair => read[pair.Key] == pair.Value);
        }).QuickCheckThrowOnFailure();

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);
}
