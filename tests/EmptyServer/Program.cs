// As little as an ASP.NET Core program can be: what cold starts are measured against. Takes the address to listen on.
var app = WebApplication.CreateSlimBuilder().Build();
app.Urls.Add(args[0]);
app.MapGet("/healthz", static () => "ok");
await app.RunAsync();
