using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Sync.Streams.Journal;

namespace PracticPro.Sync.Streams.Coverage;

/// <summary>
/// Steps on the way to a proof: from a point, or from the beginning of a complete reading, to the end of what changed since.
/// Digests are chains: SHA-256 of the chain so far and the step's own.
/// </summary>
/// <param name="From">When the point it began at was in step; when the reading began.</param>
/// <param name="Point">Mark of that point: see <see cref="MarkOf"/>.</param>
/// <param name="Answers">Chain over what the provider answered.</param>
/// <param name="Items">Chain over what was understood.</param>
internal sealed record CoverageRun(DateTimeOffset From, string Point, long Steps, string Answers, string Items)
{
    private const int MarkLength = 16;

    public static CoverageRun Start(DateTimeOffset from, string? point) => new(from, MarkOf(point), 0, "", "");

    /// <summary>A provider's point, boiled down: they may be whole addresses. Equal for equal points.</summary>
    public static string MarkOf(string? point) =>
        point is null ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(point)))[..MarkLength];

    /// <summary>The run that a step belongs to, with the step.</summary>
    public static CoverageRun With(JournalStep step, StreamCursor next)
    {
        var before = step.Before;
        var run = step.Asked is StreamRequest.Begin
            ? Start(step.At, next.Point)
            : before.Run ?? Start(before.LookedAt ?? step.At, before.Point);
        return run.With(step.DigestOfAnswers(), step.Marks.Digest);
    }

    /// <summary>One run behind another, as one.</summary>
    public CoverageRun Then(CoverageRun next) => this with
    {
        Steps = Steps + next.Steps,
        Answers = Chain(Answers, next.Answers),
        Items = Chain(Items, next.Items),
    };

    private CoverageRun With(byte[] answers, byte[] items) => this with
    {
        Steps = Steps + 1,
        Answers = Chain(Answers, Convert.ToHexStringLower(answers)),
        Items = Chain(Items, Convert.ToHexStringLower(items)),
    };

    private static string Chain(string before, string next) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{before}\n{next}"))));
}
