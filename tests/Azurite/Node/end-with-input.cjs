// Loaded before Azurite: ends it in order when its standard input ends, which it does when whoever started it is gone,
// however that one ended. Azurite then writes what it holds in memory; if that takes too long, it ends without.

// What it says meanwhile is read by nobody any more, and must not end it in the middle of writing.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

process.stdin.on("end", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), 10000).unref();
});
process.stdin.resume();
// The open input alone shall not keep an Azurite that has closed its services.
process.stdin.unref?.();
