using System.Reflection;
using PracticPro.Kernel;

namespace PracticPro.Tests.Architecture;

/// <summary>Every promise the code says it keeps has a keeper, a source, and a test that names it.</summary>
public sealed class PromiseTests
{
    private static List<Promise> Declared =>
    [
        .. typeof(Promise).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(declared => declared.FieldType == typeof(Promise))
            .Select(declared => (Promise)declared.GetValue(null)!),
    ];

    [Fact]
    public void Every_promise_is_declared_once()
    {
        var ids = Declared.Select(promise => promise.Id).ToList();

        Assert.True(ids.Count > 10);
        Assert.Equal(ids.Distinct().Order(), ids.Order());
    }

    [Fact]
    public void Every_declared_promise_is_named_by_a_test()
    {
        var proven = typeof(PromiseTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Cast<MemberInfo>().Append(type))
            .SelectMany(member => member.GetCustomAttributesData())
            .Where(attribute => attribute.AttributeType == typeof(TraitAttribute)
                && (string?)attribute.ConstructorArguments[0].Value == "Promise")
            .Select(attribute => (string)attribute.ConstructorArguments[1].Value!)
            .ToHashSet();

        var unproven = Declared.Select(promise => promise.Id).Except(proven);
        Assert.Empty(unproven);
    }
}
