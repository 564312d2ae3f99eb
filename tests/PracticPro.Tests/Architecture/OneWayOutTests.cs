namespace PracticPro.Tests.Architecture;

/// <summary>There is one way out, and one way to be let out (APR-1).</summary>
[Trait("Promise", "APR-1")]
public sealed class OneWayOutTests
{
    [Fact]
    public void Only_the_egress_door_makes_an_http_client()
    {
        var makers = Compiled.CallersOf("System.Net.Http.HttpClient::.ctor").ToList();

        Assert.Contains(makers, method => Room.Of(method.DeclaringType.FullName)!.Name == "Egress");

        // The demo is a person at a browser, not the program: it talks to the program's own address.
        Assert.All(makers, method => Assert.True(
            Room.Of(method.DeclaringType.FullName)!.Name == "Egress"
                || method.DeclaringType.FullName.StartsWith("PracticPro.Cli.Demo.", StringComparison.Ordinal),
            method.FullName));
    }

    [Fact]
    public void Only_the_egress_door_opens_a_socket_outward()
    {
        string[] ways =
        [
            "System.Net.Sockets.Socket::.ctor", "System.Net.Sockets.TcpClient::.ctor", "System.Net.WebRequest::",
            "System.Net.Http.SocketsHttpHandler::.ctor", "System.Net.Http.HttpClientHandler::.ctor", "System.Net.Mail.SmtpClient::",
            "System.Net.WebSockets.ClientWebSocket::.ctor",
        ];
        var openers = ways.SelectMany(Compiled.CallersOf).ToList();

        Assert.NotEmpty(openers);
        Assert.All(openers, method => Assert.True(
            method.DeclaringType.FullName.StartsWith("PracticPro.Egress.", StringComparison.Ordinal)
                || method.DeclaringType.FullName.StartsWith("PracticPro.Cli.Demo.", StringComparison.Ordinal),
            method.FullName));
    }

    [Fact]
    public void Only_the_approval_workflow_mints_a_send_permit()
    {
        var minters = Compiled.CallersOf("PracticPro.Egress.SendPermit::Mint").ToList();

        var minter = Assert.Single(minters);
        Assert.Equal("PracticPro.Approvals.SendApproved", minter.DeclaringType.FullName.Split('/')[0]);
    }

    [Fact]
    public void Only_the_approval_workflow_has_anything_sent_or_written_and_the_registry_that_finds_its_way()
    {
        string[] calls =
        [
            "PracticPro.Sync.Published.IMailSender::CreateDraftAsync",
            "PracticPro.Sync.Published.IMailSender::SendDraftAsync",

            // Of whichever writer: its orders are a type of their own.
            "::WriteAsync(PracticPro.Kernel.TenantId,PracticPro.Sync.Published.ConnectionId,PracticPro.Egress.SendPermit,",
        ];
        string[] askers =
        [
            .. calls.SelectMany(Compiled.CallersOf)
                .Select(static method => method.DeclaringType.FullName.Split('/')[0])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(
            [
                "PracticPro.Approvals.SendMail", "PracticPro.Approvals.WriteOnce", "PracticPro.Sync.Outbound.MailSenders",
                "PracticPro.Sync.Outbound.ProviderWriters`2",
            ],
            askers);
    }

    [Fact]
    public void Only_the_approval_workflow_puts_a_task_on_the_practice_s_list()
    {
        var adders = Compiled.CallersOf("PracticPro.Tasks.Published.TaskList::Add")
            .Select(static method => method.DeclaringType.FullName.Split('/')[0])
            .Distinct();

        Assert.Equal(["PracticPro.Approvals.WriteTask"], adders);
    }

    [Fact]
    public void Every_write_a_processor_offers_says_where_its_outgoing_bytes_are()
    {
        var writes = PracticPro.Egress.ProcessorBook.All
            .SelectMany(processor => processor.Operations)
            .Where(operation => operation.Effect == PracticPro.Egress.Effect.Write)
            .ToList();

        Assert.NotEmpty(writes);
        Assert.All(writes, operation => Assert.NotNull(operation.Outgoing));
    }
}
