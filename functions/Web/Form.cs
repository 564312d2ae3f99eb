namespace PracticPro.Web;

/// <summary>The fields of a form that a page of ours sent. Plain forms only; a field that is absent is empty.</summary>
internal sealed class Form(IFormCollection fields)
{
    public string this[string name] => fields[name].ToString();

    public bool Has(string name) => fields.ContainsKey(name);

    /// <summary>Gives a handler its form.</summary>
    /// <exception cref="BadHttpRequestException">It is no plain form.</exception>
    public static async ValueTask<Form?> BindAsync(HttpContext context) =>
        context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true
            ? new Form(await context.Request.ReadFormAsync(context.RequestAborted))
            : throw new BadHttpRequestException("Not a plain form.", StatusCodes.Status415UnsupportedMediaType);
}
