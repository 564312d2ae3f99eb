namespace PracticPro.Egress;

/// <summary>
/// Intuit as a processor: the books of a company, sign-on grants. The one permission Intuit gives for books reads and writes;
/// that nothing is written is kept here, where no operation but reading is declared.
/// </summary>
internal static class IntuitServices
{
    /// <summary>Arguments: the company.</summary>
    public static readonly ProviderOperation Query = ProviderOperation.Read("quickbooks-query", "/v3/company/{0}/query");

    /// <summary>Arguments: the company.</summary>
    public static readonly ProviderOperation Changes = ProviderOperation.Read("quickbooks-changes", "/v3/company/{0}/cdc");

    /// <summary>Arguments: the company, twice.</summary>
    public static readonly ProviderOperation Company = ProviderOperation.Read("quickbooks-company", "/v3/company/{0}/companyinfo/{1}");

    /// <summary>Arguments: the company, the id.</summary>
    public static readonly ProviderOperation GetCustomer = ProviderOperation.Read("quickbooks-customer-get", "/v3/company/{0}/customer/{1}");
    public static readonly ProviderOperation GetInvoice = ProviderOperation.Read("quickbooks-invoice-get", "/v3/company/{0}/invoice/{1}");
    public static readonly ProviderOperation GetPayment = ProviderOperation.Read("quickbooks-payment-get", "/v3/company/{0}/payment/{1}");

    public static readonly ProviderOperation Exchange = ProviderOperation.Grant("intuit-token", "/oauth2/v1/tokens/bearer");
    public static readonly ProviderOperation Revoke = ProviderOperation.Grant("intuit-revoke", "/v2/oauth2/tokens/revoke");

    public static readonly Processor QuickBooks = new(
        "intuit-quickbooks",
        new Uri("https://quickbooks.api.intuit.com"),
        "Reads the practice's customers, invoices and payments. Nothing is ever written there.",
        [Query, Changes, Company, GetCustomer, GetInvoice, GetPayment]);

    public static readonly Processor Grants = new(
        "intuit-oauth",
        new Uri("https://oauth.platform.intuit.com"),
        "Gives access to the books of a company its owner connected.",
        [Exchange]);

    public static readonly Processor Revocation = new(
        "intuit-revocation",
        new Uri("https://developer.api.intuit.com"),
        "Takes back access to the books of a company.",
        [Revoke]);

    /// <summary>The page a browser is sent to; the program itself never calls it, so it has no operations.</summary>
    public static readonly Processor Consent = new(
        "intuit-consent",
        new Uri("https://appcenter.intuit.com"),
        "Asks the company's owner for consent.",
        []);
}
