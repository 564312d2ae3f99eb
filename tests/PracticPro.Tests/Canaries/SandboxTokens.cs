using System.Collections;
using System.Reflection;
using PracticPro.Sandbox;

namespace PracticPro.Tests.Canaries;

/// <summary>Tokens as the provider gave them out: only it and the program know them.</summary>
internal static class SandboxTokens
{
    /// <summary>The last of a kind.</summary>
    /// <param name="field">Where the sandbox keeps that kind.</param>
    public static string Of(World world, string field)
    {
        var kept = world.Grants.GetType().GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(world.Grants)!;
        return ((IDictionary)kept).Keys.Cast<string>().Last();
    }
}
