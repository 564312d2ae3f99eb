using System.Buffers.Binary;
using PracticPro.Kernel;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault;

/// <summary>
/// Values that were changed, moved or brought back. All keys here have the same bytes on purpose, the worst there could be: what
/// keeps a value shut is its place, not the luck of another key.
/// </summary>
[Trait("Promise", "ENC-1")]
public sealed class StrayedValueTests
{
    private static readonly byte[] Key = TestKeys.Filled(0x11);

    [Fact]
    public void Every_bit_of_a_value_has_a_refusal_of_its_own_part()
    {
        var keys = TestKeys.Of(A, (Purpose.Notes, 1, Key));
        var whole = keys.Seal(Purpose.Notes, Place, Utf8("slept badly")).Memory.ToArray();

        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var changed = whole.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.IsType(Refusal(bit / 8), keys.Open(Purpose.Notes, Place, new SealedBytes(changed)).Failure);
        }
    }

    [Fact]
    public void Every_bit_of_a_sealed_stream_is_refused_with_or_without_content()
    {
        var keys = TestKeys.Of(A, (Purpose.Notes, 1, Key));
        foreach (var content in (byte[][])[[], [1], Utf8("slept badly").ToArray()])
        {
            using var sealing = SealedStreams.Seal(keys, Purpose.Notes, Place, new MemoryStream(content));
            using var value = new MemoryStream();
            sealing.CopyTo(value);
            var whole = value.ToArray();
            for (var bit = 0; bit < whole.Length * 8; bit++)
            {
                var changed = whole.ToArray();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));

                var begun = keys.BeginOpening(Purpose.Notes, Place, changed.AsSpan(0, SealedFormat.HeaderBytes));
                if (bit / 8 < SealedFormat.HeaderBytes)
                {
                    Assert.IsType(Refusal(bit / 8), begun.Failure);
                    continue;
                }

                using var frames = begun.Expect();
                Assert.False(frames.TryOpen(changed.AsSpan(SealedFormat.HeaderBytes), isLast: true, new byte[content.Length]));
            }
        }
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public void Each_part_of_the_place_alone_keeps_a_value_shut()
    {
        var value = TestKeys.Of(A, (Purpose.Records, 1, Key)).Seal(Purpose.Records, Place, Utf8("x"));
        (string Part, TenantId Tenant, Purpose Purpose, SealContext Place)[] strays =
        [
            ("tenant", B, Purpose.Records, Place),
            ("purpose", A, Purpose.Notes, Place),
            ("kind", A, Purpose.Records, new SealContext("notes", "note-1", "text", 1)),
            ("id", A, Purpose.Records, new SealContext("note", "note-2", "text", 1)),
            ("field", A, Purpose.Records, new SealContext("note", "note-1", "texts", 1)),
            ("schema", A, Purpose.Records, new SealContext("note", "note-1", "text", 2)),
        ];

        foreach (var stray in strays)
        {
            var keys = TestKeys.Of(stray.Tenant, (stray.Purpose, 1, Key));
            Assert.True(keys.Open(stray.Purpose, stray.Place, value).Failure is VaultFailures.NotAuthentic, stray.Part);
        }
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public void Of_all_places_a_value_opens_in_its_own_only()
    {
        var places = (
            from tenant in (TenantId[])[A, B]
            from purpose in PurposeWords.All
            from kind in (string[])["note", "letter"]
            from id in (string[])["1", "2"]
            from field in (string[])["text", "title"]
            from schema in (int[])[1, 2]
            select (tenant, purpose, place: new SealContext(kind, id, field, schema))).ToList();
        var keys = ((TenantId[])[A, B]).ToDictionary(
            tenant => tenant, tenant => TestKeys.Of(tenant, [.. PurposeWords.All.Select(purpose => (purpose, 1u, Key))]));
        var values = places.Select(at => keys[at.tenant].Seal(at.purpose, at.place, Utf8("x"))).ToList();

        for (var from = 0; from < places.Count; from++)
        {
            for (var to = 0; to < places.Count; to++)
            {
                var (tenant, purpose, place) = places[to];
                Assert.Equal(from == to, keys[tenant].Open(purpose, place, values[from]).Succeeded);
            }
        }
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public void A_value_of_one_generation_does_not_pass_for_one_of_another()
    {
        var old = TestKeys.Of(A, (Purpose.Records, 1, Key));
        var keys = TestKeys.Of(A, (Purpose.Records, 1, Key), (Purpose.Records, 2, Key), (Purpose.Records, 3, TestKeys.Filled(0x33)));
        foreach (var (seal, from) in (IEnumerable<(TenantKeys, uint)>)[(old, 1u), (keys, 3u)])
        {
            var value = seal.Seal(Purpose.Records, Place, Utf8("x")).Memory.ToArray();
            Assert.Equal("x", Text(keys.Open(Purpose.Records, Place, new SealedBytes(value))));
            foreach (var to in ((uint[])[1, 2, 3]).Where(other => other != from))
            {
                BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(SealedFormat.GenerationAt), to);
                Assert.IsType<VaultFailures.WrongKey>(keys.Open(Purpose.Records, Place, new SealedBytes(value)).Failure);
            }
        }
    }

    /// <summary>What the README says is not protected: nothing in a value tells that a newer one was there.</summary>
    [Fact]
    public void An_older_value_put_back_in_its_own_place_opens()
    {
        var keys = TestKeys.Of(A, (Purpose.Records, 1, Key));
        var old = keys.Seal(Purpose.Records, Place, Utf8("old"));
        _ = keys.Seal(Purpose.Records, Place, Utf8("new"));

        Assert.Equal("old", Text(keys.Open(Purpose.Records, Place, old)));
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public void An_older_value_put_back_after_its_generation_was_retired_does_not_open()
    {
        var old = TestKeys.Of(A, (Purpose.Records, 1, Key)).Seal(Purpose.Records, Place, Utf8("old"));
        var rotated = TestKeys.Of(A, (Purpose.Records, 1, Key), (Purpose.Records, 2, TestKeys.Filled(0x22)));
        Assert.Equal("old", Text(rotated.Open(Purpose.Records, Place, old)));

        var retired = TestKeys.Of(A, (Purpose.Records, 2, TestKeys.Filled(0x22)));
        Assert.IsType<VaultFailures.UnknownGeneration>(retired.Open(Purpose.Records, Place, old).Failure);

        // Nor when its header is made to name the key that is there.
        var renamed = old.Memory.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(renamed.AsSpan(SealedFormat.GenerationAt), 2);
        Assert.IsType<VaultFailures.WrongKey>(retired.Open(Purpose.Records, Place, new SealedBytes(renamed)).Failure);
    }

    private static Type Refusal(int at) => at switch
    {
        0 => typeof(VaultFailures.UnknownVersion),
        1 => typeof(VaultFailures.UnknownSuite),
        < SealedFormat.MessageIdAt => typeof(VaultFailures.UnknownGeneration),
        < SealedFormat.HeaderBytes => typeof(VaultFailures.WrongKey),
        _ => typeof(VaultFailures.NotAuthentic),
    };
}
