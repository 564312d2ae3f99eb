using System.Text;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Destruction;

/// <summary>
/// Signs certificates and keeps them: two blobs a destruction, <c>sealed</c> and <c>final</c>, each written once, beside
/// the platform's record. Not sealed, since they are to be handed out and say nothing personal. Signed by the platform's
/// key, never by one that dies; and what is read is believed only when it is: a blob can be put there by whoever can write
/// to the store, and what it says would decide when a destruction is final.
/// </summary>
internal sealed class DestructionCertificates(IStorage storage, ICheckpointSigner signer, BackupTerms backup)
{
    private readonly IBlobs blobs = storage.For(DestructionShelf.Owner).Blobs;

    /// <summary>
    /// Signs and keeps the certificate of the record's state. When one was kept for that state before, by a step that
    /// broke off or by another program, that one stays.
    /// </summary>
    /// <returns>What is kept.</returns>
    /// <exception cref="StorageCorruptException">What lies there is not this certificate, or not signed by the platform.</exception>
    public async Task<CertificateFacts> KeepAsync(KeyEnd end, CancellationToken cancellation)
    {
        var isFinal = end.State == KeyEndState.Final;
        if (await ReadAsync(end.Tenant, isFinal, cancellation) is { } earlier)
        {
            return earlier.Facts;
        }

        var certificate = CertificateText.Of(end, backup);
        var current = (await signer.CurrentAsync(cancellation)).Signer;
        var signature = await current.SignAsync(CertificateNote.Signed(certificate), cancellation);
        var note = CertificateNote.Of(certificate, TakeCheckpoint.KeyOf(current), signature);
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(note.Text));
        return await blobs.WriteAsync(NameOf(end.Tenant, isFinal), content, cancellation)
            ? note.Facts
            : (await ReadAsync(end.Tenant, isFinal, cancellation))?.Facts ?? throw new StorageCorruptException("a certificate is gone");
    }

    /// <summary>The newest certificate of a destruction, or null when none was sealed.</summary>
    /// <exception cref="StorageCorruptException">What lies there is not this certificate, or not signed by the platform.</exception>
    public async Task<CertificateNote?> FindAsync(TenantId tenant, CancellationToken cancellation) =>
        await ReadAsync(tenant, isFinal: true, cancellation) ?? await ReadAsync(tenant, isFinal: false, cancellation);

    private static BlobName NameOf(TenantId tenant, bool isFinal) =>
        new($"key-destructions/{tenant}/{(isFinal ? CertificateText.FinalWord : CertificateText.SealedWord)}");

    private async Task<CertificateNote?> ReadAsync(TenantId tenant, bool isFinal, CancellationToken cancellation)
    {
        await using var stream = await blobs.OpenReadAsync(NameOf(tenant, isFinal), cancellation);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream, new UTF8Encoding(false));
        if (!CertificateNote.TryParse(await reader.ReadToEndAsync(cancellation), out var note))
        {
            throw new StorageCorruptException("a certificate cannot be read");
        }

        if (note.Facts.Tenant != tenant.Text || note.Facts.IsFinal != isFinal)
        {
            throw new StorageCorruptException("a certificate lies in the place of another one");
        }

        return TakeCheckpoint.KeysOf(await signer.CurrentAsync(cancellation)).Any(note.IsSignedBy)
            ? note
            : throw new StorageCorruptException("a certificate is not signed by the platform");
    }
}
