using System.Globalization;
using PracticPro.Durable.Execution;

namespace PracticPro.Durable;

/// <summary>A value is too large for a history. Pass an id and keep the value where it belongs.</summary>
internal sealed class PayloadTooLargeException(PayloadPlace place) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"{place} is over {Payload.MaximumBytes} bytes of JSON."))
{
    public PayloadPlace Place { get; } = place;
}
