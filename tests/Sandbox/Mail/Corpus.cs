using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Sandbox.Mail;

/// <summary>Chooses and deals out the mail a sandbox starts with.</summary>
internal static class Corpus
{
    private const string SampleFolder = "PracticPro.Sandbox.Mail.Samples.";

    public static IReadOnlyList<CorpusMessage> Load(SandboxOptions options)
    {
        IReadOnlyList<CorpusMessage> all = options.MailFolder is string folder ? MailFolder.Load(folder) : Samples();
        if (options.Limit is not int limit || limit >= all.Count)
        {
            return all;
        }

        // A drawn sample, so that a small mailbox has mail of every kind; the folder's order is kept.
        HashSet<string> chosen = [.. all.Select(mail => mail.Origin)
            .OrderBy(origin => Draw(options.Seed, origin)).Take(limit)];
        return [.. all.Where(mail => chosen.Contains(mail.Origin))];
    }

    /// <summary>Which of several mailboxes a message goes to: all mail of one subject to the same.</summary>
    public static int Hand(CorpusMessage mail, int mailboxes) =>
        (int)(Draw(0, mail.Envelope.Topic) % (ulong)mailboxes);

    /// <summary>The mail that ships with the sandbox: small, and as ugly as real mail is.</summary>
    public static IReadOnlyList<CorpusMessage> Samples()
    {
        Assembly assembly = typeof(Corpus).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(SampleFolder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => MailFolder.Message(name[SampleFolder.Length..], Read(assembly, name)))];
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using Stream resource = assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    private static ulong Draw(long seed, string text) =>
        BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}|{text}")));
}
