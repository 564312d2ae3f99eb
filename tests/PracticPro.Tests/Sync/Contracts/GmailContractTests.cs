using PracticPro.Sandbox.Faults;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.Contracts;

public sealed class GmailContractTests : ConnectorContract
{
    private protected override async Task<IPlayedAccount> OpenAsync(int items, int pageSize = 100) =>
        new Account(await Premises.ConnectedAsync(new() { Letters = items, PageSize = pageSize }));

    private sealed class Account(Premises premises) : IPlayedAccount
    {
        private bool starred;

        public Premises Premises => premises;

        public Task<string> AddAsync(string text = "") => premises.Outside.DeliverAsync(text: text);

        public Task EditAsync(string id)
        {
            starred = !starred;
            return starred
                ? premises.Outside.LabelAsync(id, add: ["STARRED"], remove: ["UNREAD"])
                : premises.Outside.LabelAsync(id, add: ["IMPORTANT"], remove: ["STARRED"]);
        }

        public Task DeleteAsync(string id) => premises.Outside.DeleteAsync(id);

        public Task<bool> MoveAsync(string id) => Task.FromResult(false);

        public Task ExpireAsync() => premises.Outside.ExpireHistoryAsync();

        public void FailPages(int after, int times) =>
            premises.Outside.Fail("/users/me/messages$", FaultKind.Status, "backendError", times, after);

        public IReadOnlyList<string> Truth() => premises.MailThere();

        public async Task<IReadOnlyList<string>> StoredAsync() => PremisesMail.Lines(await premises.StoredMailAsync());

        public ValueTask DisposeAsync() => premises.DisposeAsync();
    }
}
