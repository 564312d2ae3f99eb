using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PracticPro.Loopback;

/// <summary>
/// A certificate authority that lives in a folder and vouches for servers on this machine only: so that what is tried
/// here speaks TLS as the real services do. Several processes share it through the folder. Keys are P-256 (FIPS 186-5).
/// </summary>
internal sealed class LoopbackAuthority
{
    private const string CertificateFile = "authority.pem";
    private const string KeyFile = "authority.key";
    private static readonly TimeSpan GoodFor = TimeSpan.FromDays(30);

    private readonly X509Certificate2 certificate;

    private LoopbackAuthority(string folder, X509Certificate2 certificate)
    {
        this.certificate = certificate;
        CertificatePath = Path.Combine(folder, CertificateFile);
    }

    /// <summary>The authority's certificate in PEM: what a client is told to trust.</summary>
    public string CertificatePath { get; }

    /// <summary>The authority in the folder; made, with the folder, when there is none. One process makes it, others open it.</summary>
    public static LoopbackAuthority OpenOrMake(string folder)
    {
        var path = Path.Combine(folder, CertificateFile);
        if (!File.Exists(path))
        {
            Make(folder, path);
        }

        return new LoopbackAuthority(folder, X509Certificate2.CreateFromPemFile(path, Path.Combine(folder, KeyFile)));
    }

    /// <summary>A certificate for <c>127.0.0.1</c>, <c>localhost</c> and names under it, good for a month.</summary>
    public X509Certificate2 ServerCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("*.localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], false));
        using var bare = request.Create(
            certificate,
            new DateTimeOffset(certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero),
            new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero),
            RandomNumberGenerator.GetBytes(16));
        using var whole = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    private static void Make(string folder, string path)
    {
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=PracticPro loopback authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = TimeProvider.System.GetUtcNow();
        using var authority = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + GoodFor);
        OwnFile.Write(Path.Combine(folder, KeyFile), FileMode.Create, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));

        // Last: where the certificate is, the key is.
        File.WriteAllText(path, authority.ExportCertificatePem());
    }
}
