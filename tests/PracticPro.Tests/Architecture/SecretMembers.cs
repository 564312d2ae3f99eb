using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using PracticPro.Kernel;

namespace PracticPro.Tests.Architecture;

/// <summary>
/// Finds the types of the program that carry a secret as bare text or bytes, by what their members are called or because
/// they are listed. Types that protect what they hold (<see cref="SecretText"/>, SecretBytes, PlainBytes) are not bare.
/// </summary>
internal static partial class SecretMembers
{
    /// <summary>Members whose names do not tell what they are.</summary>
    public static readonly IReadOnlySet<string> Marked = new HashSet<string>
    {
        // The OAuth code.
        "PracticPro.Sync.Connections.FinishConnection+Answer.Code",
        "PracticPro.Sync.Connections.FinishConnection+Answer.State",
    };

    /// <summary>Members that are called like a secret and are none, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoSecrets = new Dictionary<string, string>
    {
        ["PracticPro.Sync.Gmail.GmailShapes+MessageList.NextPageToken"] = "names a page of a list; useless without the access token",
        ["PracticPro.Sync.Gmail.GmailShapes+HistoryList.NextPageToken"] = "the same",
        ["PracticPro.Sync.Gmail.GmailShapes+DraftList.NextPageToken"] = "the same",
        ["PracticPro.Sync.Mailbox.MailCursor.PageToken"] = "the same",
        ["PracticPro.Durable.Serve.Offer.Token"] = "names an offer that waits for a worker's answer, on loopback",
        ["PracticPro.Backup.PieceHeader.Key"] = "wrapped: opens nothing without the tenant's key",
    };

    /// <summary>What a type is that holds a secret: the type, and the members that hold it.</summary>
    internal sealed record Carrier(Type Type, IReadOnlyList<string> Members)
    {
        /// <summary>Its text form was written by hand, or is the name of the type alone.</summary>
        public bool PrintsByHand
        {
            get
            {
                var print = Type.GetMethod(nameof(ToString), Type.EmptyTypes)!;
                return print.DeclaringType == typeof(object) || print.DeclaringType == typeof(ValueType)
                    ? !Type.IsValueType
                    : !print.IsDefined(typeof(CompilerGeneratedAttribute));
            }
        }

        /// <summary>How it prints, without an instance that was built.</summary>
        public string? Printed => RuntimeHelpers.GetUninitializedObject(Type).ToString();
    }

    /// <summary>Every carrier of the assembly, but for what compilers made.</summary>
    public static IReadOnlyList<Carrier> Of(Assembly assembly) => Of(assembly.GetTypes());

    public static IReadOnlyList<Carrier> Of(IEnumerable<Type> types) =>
    [
        .. from type in types
           where !IsMade(type) && type is { IsInterface: false, IsEnum: false, ContainsGenericParameters: false }
               && !(type.IsAbstract && type.IsSealed)
           let members = Shown(type).Where(member => IsSecret(type, member.Name, member.Type)).Select(member => member.Name).ToList()
           where members.Count > 0
           select new Carrier(type, members),
    ];

    /// <summary>Members that records print and serialisers look at, and fields somebody else can reach.</summary>
    public static IEnumerable<(string Name, Type Type)> Shown(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var properties = type.GetProperties(Own)
            .Where(property => property.GetMethod is { IsPrivate: false } && property.GetIndexParameters().Length == 0)
            .Select(property => (property.Name, property.PropertyType));
        var fields = type.GetFields(Own)
            .Where(field => !field.IsPrivate && !field.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(field => (field.Name, field.FieldType));
        return properties.Concat(fields);
    }

    /// <summary>Whether a name stands for what nobody may see.</summary>
    public static bool SoundsSecret(string name) =>
        name == "PasswordHash" || (Secrets().IsMatch(name) && !Harmless().IsMatch(name));

    private static bool IsSecret(Type type, string name, Type memberType)
    {
        var full = $"{type.FullName}.{name}";
        return !NoSecrets.ContainsKey(full) && IsBare(memberType)
            && (Marked.Contains(full) || SoundsSecret(name) || (IsBytes(memberType) && Keys().IsMatch(name) && !Harmless().IsMatch(name)));
    }

    private static bool IsBare(Type type) =>
        type == typeof(string) || type == typeof(char[]) || type == typeof(Memory<char>) || type == typeof(ReadOnlyMemory<char>)
        || IsBytes(type) || Parts(type).Any(IsBare);

    private static bool IsBytes(Type type) =>
        type == typeof(byte[]) || type == typeof(Memory<byte>) || type == typeof(ReadOnlyMemory<byte>) || Parts(type).Any(IsBytes);

    /// <summary>What is in a collection or a nullable value.</summary>
    private static Type[] Parts(Type type) =>
        type.IsGenericType && (typeof(IEnumerable).IsAssignableFrom(type) || Nullable.GetUnderlyingType(type) is not null)
            ? type.GetGenericArguments()
            : [];

    // The protocol's compiler writes messages that know nothing of us; tokens in it are names of tasks.
    private static bool IsMade(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.Name.Contains('<', StringComparison.Ordinal)
        || type.Namespace?.StartsWith("PracticPro.Durable.Wire", StringComparison.Ordinal) == true
        || type.Namespace?.StartsWith("PracticPro", StringComparison.Ordinal) != true;

    [GeneratedRegex("Token|Secret|Passw|Passphrase|Verifier|Credential|Cookie|Csrf|Bearer|PrivateKey|Pkcs8|ApiKey|OneTimeCode|AuthorizationCode|Pin$", RegexOptions.IgnoreCase)]
    private static partial Regex Secrets();

    // A hash of what nobody can guess is as good as nothing; ids, times, names and counts of secrets are none.
    [GeneratedRegex("Hash$|Hex$|Id$|At$|Kind$|Name$|Count$|Type$|Public|Wrapped|Sealed")]
    private static partial Regex Harmless();

    [GeneratedRegex("Key|Plaintext|Unwrapped")]
    private static partial Regex Keys();
}
