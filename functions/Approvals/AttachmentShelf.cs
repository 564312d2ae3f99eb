using System.Security.Cryptography;
using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Storage;

namespace PracticPro.Approvals;

/// <summary>One piece of an attachment: a document holds no more.</summary>
/// <param name="Sha256">Of the whole attachment.</param>
/// <param name="At">Counts the pieces from 0.</param>
internal sealed record AttachmentPiece(ApprovalId Approval, string Sha256, int At, byte[] Bytes)
{
    /// <summary>What fits a document on every store, sealed and in base64.</summary>
    public const int Size = 1_000_000;

    public static string IdOf(ApprovalId approval, string sha256, int at) => $"{approval}.{sha256}.{at}";
}

/// <summary>
/// Where the bytes of attachments lie, sealed, in pieces, until they are sent. They are put there before the approval that
/// names them is written, and again without harm; an approval that was never written leaves pieces that nobody names. When
/// an approval has come to its end, its pieces go.
/// </summary>
internal static class AttachmentShelf
{
    /// <summary>Keeps the bytes and gives what names them.</summary>
    public static async Task<OutgoingAttachment> KeepAsync(
        TenantScope scope, ApprovalId approval, NewAttachment attachment, CancellationToken cancellation)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(attachment.Bytes.Span));
        for (var at = 0; at * AttachmentPiece.Size < attachment.Bytes.Length; at++)
        {
            var rest = attachment.Bytes[(at * AttachmentPiece.Size)..];
            var piece = new AttachmentPiece(approval, sha256, at, rest[..Math.Min(rest.Length, AttachmentPiece.Size)].ToArray());
            await scope.CommitAsync([scope.Put(ApprovalKinds.Attachment, piece, Condition.Any)], cancellation);
        }

        return new OutgoingAttachment(attachment.Name, attachment.MediaType, attachment.Bytes.Length, sha256);
    }

    /// <summary>The bytes; null when they are not there as they were kept.</summary>
    public static async Task<byte[]?> ReadAsync(
        TenantScope scope, ApprovalId approval, OutgoingAttachment attachment, CancellationToken cancellation)
    {
        var bytes = new byte[attachment.Size];
        for (var from = 0; from < bytes.Length; from += AttachmentPiece.Size)
        {
            var id = AttachmentPiece.IdOf(approval, attachment.Sha256, from / AttachmentPiece.Size);
            var stored = await scope.FindAsync(ApprovalKinds.Attachment, id, cancellation);
            if (stored is null || stored.Value.Bytes.Length > bytes.Length - from)
            {
                return null;
            }

            stored.Value.Bytes.CopyTo(bytes, from);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == attachment.Sha256 ? bytes : null;
    }

    /// <summary>Deletes what was attached. Again without harm: a piece that is gone is passed over.</summary>
    public static async Task ClearAsync(
        TenantScope scope, ApprovalId approval, OutgoingMail mail, CancellationToken cancellation)
    {
        foreach (var attachment in mail.Attachments)
        {
            for (var at = 0; at * AttachmentPiece.Size < attachment.Size; at++)
            {
                var id = AttachmentPiece.IdOf(approval, attachment.Sha256, at);
                await scope.CommitAsync([scope.Delete(ApprovalKinds.Attachment, id, Condition.Any)], cancellation);
            }
        }
    }

    /// <summary>The bytes of each, in order; null when one is not there as it was kept.</summary>
    public static async Task<IReadOnlyList<byte[]>?> ReadAllAsync(
        TenantScope scope, ApprovalId approval, OutgoingMail mail, CancellationToken cancellation)
    {
        var all = new List<byte[]>();
        foreach (var attachment in mail.Attachments)
        {
            if (await ReadAsync(scope, approval, attachment, cancellation) is not { } bytes)
            {
                return null;
            }

            all.Add(bytes);
        }

        return all;
    }
}
