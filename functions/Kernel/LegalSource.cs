namespace PracticPro.Kernel;

/// <summary>Where a duty comes from: a law and its place, or our own word to a customer.</summary>
/// <param name="Citation">Short form, as a lawyer would cite it: <c>GDPR Art. 33(1)</c>.</param>
/// <param name="Title">Full title of the text.</param>
internal sealed record LegalSource(string Citation, string Title)
{
    public static readonly LegalSource SecurityPages =
        new("Security pages", "The security pages of the five products, as registered in the promise register");

    public static readonly LegalSource Gdpr32 =
        new("GDPR Art. 32(1)", "Regulation (EU) 2016/679, Article 32: Security of processing");

    public static readonly LegalSource Gdpr5 =
        new("GDPR Art. 5(1)", "Regulation (EU) 2016/679, Article 5: Principles relating to processing of personal data");

    public static readonly LegalSource HipaaAudit =
        new("45 CFR 164.312(b)", "HIPAA Security Rule, technical safeguards: audit controls");
}
