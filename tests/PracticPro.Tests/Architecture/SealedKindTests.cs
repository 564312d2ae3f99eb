using System.Reflection;
using PracticPro.Hosting;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Tests.Architecture;

/// <summary>
/// Whatever is sealed can be sealed anew (ENC-2): a kind that nobody registered would keep every old generation of keys for
/// ever, so its absence is found here and not at a practice's rotation.
/// </summary>
public sealed class SealedKindTests
{
    [Fact]
    [Trait("Promise", "ENC-2")]
    public void Every_kind_of_record_in_the_program_is_registered()
    {
        var declared = typeof(SealedKind).Assembly.GetTypes()
            .SelectMany(type => type.IsGenericTypeDefinition
                ? []
                : type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType is { IsGenericType: true } type
                && type.GetGenericTypeDefinition() == typeof(RecordKind<>))
            .Select(field => (SealedKind)field.FieldType.GetProperty("Sealed")!.GetValue(field.GetValue(null))!)
            .ToList();

        Assert.True(declared.Count > 10);
        Assert.Empty(declared.Select(kind => kind.Name).Except(Composition.Kinds().Sealed));
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public void Every_other_kind_of_document_is_registered_as_plain()
    {
        var declared = typeof(SealedKind).Assembly.GetTypes()
            .SelectMany(type => type.IsGenericTypeDefinition
                ? []
                : type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(field => field.FieldType == typeof(DocumentKind) ? ((DocumentKind)field.GetValue(null)!).Name
                : field.FieldType == typeof(DocumentKey) ? ((DocumentKey)field.GetValue(null)!).Kind.Name
                : null)
            .OfType<string>()
            .ToHashSet();

        // The drill's records are in no practice.
        declared.Remove("drill-mail");
        var kinds = Composition.Kinds();
        Assert.True(declared.Count > 5);
        Assert.DoesNotContain(declared, name => kinds.Find(name) is null && !kinds.IsPlain(name));
    }

    [Fact]
    public void A_kind_is_sealed_or_plain_and_never_both()
    {
        Assert.Throws<ArgumentException>(() => new SealedKinds(
            [SealedRecords.KindOf("sheet", Purpose.Records)], [new PlainKind("sheet")]));
        Assert.False(Composition.Kinds().IsPlain("of-a-later-program"));
        Assert.True(Composition.Kinds().IsPlain("data-key"));
    }
}
