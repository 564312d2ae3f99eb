using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using PracticPro.Access;
using PracticPro.Hosting.Http;

namespace PracticPro.Tests.Web;

/// <summary>Every endpoint, cell by cell: what nobody, the front desk and the owner get.</summary>
public sealed class RouteTableTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const HttpStatusCode Passed = HttpStatusCode.OK;

    [Fact]
    public void Every_endpoint_names_exactly_one_requirement()
    {
        var endpoints = RouteTable.EndpointsOf(server.App);
        Assert.True(endpoints.Count > 30);
        Assert.All(endpoints, endpoint => Assert.Single(endpoint.Metadata.GetOrderedMetadata<Requirement>()));
    }

    [Fact]
    public void Nobody_need_be_signed_in_at_these_alone()
    {
        var open = RouteTable.EndpointsOf(server.App)
            .Where(endpoint => endpoint.Metadata.GetMetadata<Requirement>() is Requirement.Anyone)
            .Select(endpoint => $"{MethodOf(endpoint)} {endpoint.RoutePattern.RawText}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "GET /", "GET /api/v1", "GET /healthz", "GET /icon.svg", "GET /sign-in", "GET /status", "GET /style.css",
                "POST /api/v1/session", "POST /sign-in", "POST /webhooks/paddle", "POST /webhooks/{provider}",
            ],
            open);
    }

    [Fact]
    public async Task Each_cell_of_the_permission_table_holds_over_the_whole_route_table()
    {
        var wrong = new List<string>();
        foreach (var endpoint in RouteTable.EndpointsOf(server.App))
        {
            if (endpoint.Metadata.GetMetadata<Requirement>() is not Requirement.Permitted { Permission: var permission })
            {
                continue;
            }

            wrong.AddRange(await WrongCellsAsync(endpoint, permission));
        }

        Assert.Empty(wrong);
    }

    private async Task<IReadOnlyList<string>> WrongCellsAsync(RouteEndpoint endpoint, Permission permission)
    {
        var wrong = new List<string>();
        foreach (var (who, caller, role) in new[]
        {
            ("nobody", server.Nobody(), ""),
            ("front desk", await DeskAsync(), Roles.FrontDesk),
            ("owner", await OwnerAsync(), Roles.Owner),
        })
        {
            var answer = await CallAsync(caller, endpoint);
            var expected = role.Length == 0 ? HttpStatusCode.Unauthorized
                : Roles.PermissionsOf(role).Contains(permission) ? Passed
                : HttpStatusCode.Forbidden;
            var seen = await SeenAsync(answer);
            if (seen != expected)
            {
                wrong.Add($"{who}: {MethodOf(endpoint)} {endpoint.RoutePattern.RawText} gave {answer.StatusCode}, not {expected}");
            }
        }

        return wrong;
    }

    private Task<Caller> OwnerAsync() => owner ??= server.OwnerAsync();

    private Task<Caller> DeskAsync() => desk ??= server.DeskAsync();

    private Task<Caller>? owner;
    private Task<Caller>? desk;

    // A program without a session gets 401; a page leads to sign-in. Anything the guard did not say counts as passed.
    private static async Task<HttpStatusCode> SeenAsync(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.Redirect
            && answer.Headers.Location!.ToString().StartsWith("/sign-in", StringComparison.Ordinal))
        {
            return HttpStatusCode.Unauthorized;
        }

        var text = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
            : "";
        return text.Contains("\"not-signed-in\"", StringComparison.Ordinal) ? HttpStatusCode.Unauthorized
            : text.Contains("\"not-allowed\"", StringComparison.Ordinal) ? HttpStatusCode.Forbidden
            : Passed;
    }

    // Ids of nothing: the guard decides before anything is looked up, and what it lets pass finds nothing to change.
    private static Task<HttpResponseMessage> CallAsync(Caller caller, RouteEndpoint endpoint)
    {
        var path = endpoint.RoutePattern.RawText!
            .Replace("{id:approval}", "approval-00000000000000000000000000", StringComparison.Ordinal)
            .Replace("{id:task}", "task-00000000000000000000000000", StringComparison.Ordinal)
            .Replace("{at:int}", "0", StringComparison.Ordinal)
            .Replace("{id:connection}", "connection-00000000000000000000000000", StringComparison.Ordinal);
        var method = new HttpMethod(MethodOf(endpoint));
        HttpContent? body = method == HttpMethod.Get || method == HttpMethod.Delete ? null
            : path.StartsWith("/api", StringComparison.Ordinal) ? new StringContent("{}", Encoding.UTF8, "application/json")
            : new FormUrlEncodedContent([]);
        return caller.SendAsync(method, path, body, null);
    }

    private static string MethodOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single();
}
