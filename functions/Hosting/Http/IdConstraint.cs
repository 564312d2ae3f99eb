using System.Globalization;
using PracticPro.Kernel;

namespace PracticPro.Hosting.Http;

/// <summary>Matches a route only where an id of the kind stands: any other text is no address of ours.</summary>
internal sealed class IdConstraint<TId> : IRouteConstraint
    where TId : struct, IId<TId>
{
    public bool Match(
        HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value)
        && TId.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), out _);
}
