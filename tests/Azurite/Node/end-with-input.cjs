// Loaded before Azurite: ends it in order when its standard input ends, which it does when whoever started it is gone,
// however that one ended. Azurite then writes what it holds in memory; if that takes too long, it ends without.
process.stdin.on("end", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), 10000).unref();
});
process.stdin.resume();
// The open input alone shall not keep an Azurite that has closed its services.
process.stdin.unref?.();
