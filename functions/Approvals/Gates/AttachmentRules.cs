using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PracticPro.Approvals;

/// <summary>
/// Gate 3, for what is attached: names that say what they are, types that cannot run, sizes that arrive. What is inside is
/// not read here, so a person has to look.
/// </summary>
internal static partial class AttachmentRules
{
    /// <summary>Bytes of one attachment: what every provider takes in one request (Microsoft Graph: under 3 MB).</summary>
    public const int LargestOne = 3_000_000;

    /// <summary>Bytes of all attachments of a mail.</summary>
    public const int LargestAll = 10_000_000;

    public const int Most = 10;

    private const int LongestName = 120;

    // Ends by which common systems run, mount or follow a file, or hide what it is. Sources: Outlook's list of blocked
    // attachments; Gmail's list of blocked file types.
    private static readonly FrozenSet<string> Dangerous = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "ade", "adp", "apk", "app", "appx", "appxbundle", "bat", "cab", "chm", "cmd", "com", "cpl", "diagcab", "diagcfg", "dll",
        "dmg", "docm", "dotm", "ex", "ex_", "exe", "gadget", "hlp", "hta", "htm", "html", "img", "inf", "ins", "iso", "isp", "jar",
        "jnlp", "js", "jse", "lib", "lnk", "mde", "mht", "mhtml", "msc", "msi", "msix", "msixbundle", "msp", "mst", "nsh", "pif",
        "pl", "ppam", "pptm", "ps1", "ps1xml", "psc1", "py", "rb", "reg", "rtf", "scf", "scr", "sct", "settingcontent-ms", "sh",
        "shb", "svg", "sys", "url", "vb", "vbe", "vbs", "vhd", "vhdx", "vxd", "wsc", "wsf", "wsh", "xhtml", "xlam", "xll", "xlsm",
        "xltm", "xml", "xps");

    public static IEnumerable<GateReason> Reasons(ImmutableArray<OutgoingAttachment> attachments)
    {
        if (attachments.IsEmpty)
        {
            yield break;
        }

        if (attachments.Any(static one => !IsName(one.Name)))
        {
            yield return new("attachment-name", Verdict.Refuse, "The name of an attachment holds a path or odd characters, or has no ending. Rename the file.");
        }

        if (attachments.Any(static one => IsDangerous(one)))
        {
            yield return new("attachment-type", Verdict.Refuse, "An attachment is of a kind that can run on the recipient's machine. Send a document instead.");
        }

        if (attachments.Any(static one => one.Size is <= 0 or > LargestOne) || attachments.Sum(static one => (long)one.Size) > LargestAll)
        {
            yield return new("attachment-size", Verdict.Refuse, "An attachment is empty or larger than 3 MB, or all together are larger than 10 MB.");
        }

        if (attachments.Length > Most
            || attachments.DistinctBy(static one => one.Name, StringComparer.OrdinalIgnoreCase).Count() < attachments.Length)
        {
            yield return new("attachments-many", Verdict.Refuse, "There are more than ten attachments, or two of one name.");
        }

        yield return new("attachment-unread", Verdict.Confirm, "Nobody here reads what is attached. Open it and check it before you approve.");
    }

    private static readonly System.Buffers.SearchValues<char> NeverInNames = System.Buffers.SearchValues.Create("/\\:*?\"<>|%\0");

    /// <summary>One file's name with an ending, of characters that look like what they are.</summary>
    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName
        && name == name.Trim()
        && name[0] != '.' && name[^1] != '.'
        && name.Contains('.', StringComparison.Ordinal)
        && !name.AsSpan().ContainsAny(NeverInNames)
        && name.IsNormalized(System.Text.NormalizationForm.FormC)
        && !name.Any(static symbol => char.IsControl(symbol) || (char.IsWhiteSpace(symbol) && symbol != ' '))
        && !name.EnumerateRunes().Any(static rune => System.Text.Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate)
        && !ContentGate.MixesScripts(name);

    // Every ending counts: "bill.pdf.exe" runs, and some show "bill.exe.pdf" as a program.
    private static bool IsDangerous(OutgoingAttachment attachment) =>
        attachment.Name.Split('.').Skip(1).Any(ending => Dangerous.Contains(ending.Trim()))
        || !MediaType().IsMatch(attachment.MediaType)
        || attachment.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
        || attachment.MediaType.StartsWith("message/", StringComparison.OrdinalIgnoreCase)
        || attachment.MediaType.Contains("html", StringComparison.OrdinalIgnoreCase)
        || attachment.MediaType.Contains("script", StringComparison.OrdinalIgnoreCase)
        || attachment.MediaType is "application/x-msdownload" or "application/x-msdos-program";

    // RFC 6838 section 4.2, without parameters.
    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,63}/[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,63}\z")]
    private static partial Regex MediaType();
}
