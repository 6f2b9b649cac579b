# What the benches share; they source it. Wants here, the folder of this file, repository, and target,
# where files may be written. Sets nothing but functions and the variables below.
# shellcheck shell=bash disable=SC2154

start_timeout=60
build_timeout=900
missing=''
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

say() { printf '%s\n' "$*"; }

fail() {
  printf 'bench: %s\n' "$1" >&2
  exit "${2:-1}"
}

positive() {
  [[ $2 =~ ^[1-9][0-9]{0,3}$ ]] || fail "$1 needs a number from 1 to 9999, was '$2'." 2
}

# --- Processes ----------------------------------------------------------------------------------

children=() # the process ids of all that runs

forget() {
  local pid left=()
  for pid in ${children[@]+"${children[@]}"}; do
    [ "$pid" = "$1" ] || left+=("$pid")
  done
  children=(${left[@]+"${left[@]}"})
}

end() {
  local pid=$1
  kill "$pid" 2>/dev/null || true
  for _ in {1..100}; do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  forget "$pid"
}

end_all() {
  local pid
  for pid in ${children[@]+"${children[@]}"}; do end "$pid"; done
}

trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Starts a command beside us. Sets started.
start_child() {
  "$@" 9>&- & # 9 is the lock, which is ours alone
  started=$!
  children+=("$started")
}

finish_child() {
  local code=0
  wait "$1" || code=$?
  forget "$1"
  return "$code"
}

# Runs a command to its end, so that a Ctrl-C is heard at once.
run_child() {
  start_child "$@"
  finish_child "$started"
}

# --- The machine --------------------------------------------------------------------------------

# Prints the CPUs that we may use, one a line.
cpus() {
  local range
  for range in $(sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status | tr , ' '); do
    seq "${range%-*}" "${range#*-}"
  done
}

# Two CPUs, of two cores when there are: sets server_cpu and load_cpu.
choose_cpus() {
  local allowed cpu siblings
  mapfile -t allowed < <(cpus)
  server_cpu=${allowed[0]}
  load_cpu=${allowed[1]:-$server_cpu}
  siblings=$(cat "/sys/devices/system/cpu/cpu$server_cpu/topology/thread_siblings_list" 2>/dev/null || true)
  for cpu in "${allowed[@]:1}"; do
    [[ ,$siblings, == *",$cpu,"* || $siblings == "$server_cpu-$cpu" ]] && continue
    load_cpu=$cpu
    break
  done
  if [ "$server_cpu" = "$load_cpu" ]; then
    say "Only one CPU may be used: server and load share it, and the numbers mean little."
  fi
}

# Two at a time would spoil each other's numbers and write into the same files.
lock() {
  mkdir -p "$target"
  exec 9>"$target/lock"
  flock -n 9 || fail "another bench runs in $here; wait for its end."
}

raise_open_files() {
  local hard
  ulimit -n 65536 2>/dev/null && return
  hard=$(ulimit -Hn)
  ulimit -n "$hard" 2>/dev/null || true
}

# Hundredths of a second of CPU: all that was used, and what our children used that have ended.
used_by_all() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 + $9 }' /proc/stat; }
used_by_us() { awk '{ print $16 + $17 }' "/proc/$$/stat"; }

# What others did meanwhile is in the numbers. $1 and $2: the two above, and $3: SECONDS, at the start.
note_other_work() {
  local others=$(($(used_by_all) - $1 - $(used_by_us) + $2)) took=$((SECONDS - $3))
  [ "$took" -gt 0 ] || return 0
  [ $((others / took)) -lt 20 ] ||
    say "  other programs used $((others / took)) % of a CPU meanwhile, which spoils the numbers"
}

is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

port=5599

# Sets port to one that nobody listens on, below those that outgoing connections take.
next_port() {
  local last=$((port + 400))
  port=$((port + 1))
  while is_open "$port"; do
    port=$((port + 1))
    [ "$port" -lt "$last" ] || fail "found no free port from $((last - 400)) to $last."
  done
}

# --- Builds and servers -------------------------------------------------------------------------

# Builds $1 with the rest, quietly: the output goes to a file.
build() {
  local what=$1 log=$target/build-$1.log
  shift
  say "Building $what"
  run_child timeout "$build_timeout" "$@" >"$log" 2>&1 || {
    missing="its build failed: see $log"
    return 0
  }
}

compile() {
  local program=$1
  [ -x "$target/$program" ] && [ -z "$(find "$here" -maxdepth 1 -name '*.c' -newer "$target/$program")" ] && return
  command -v cc >/dev/null || fail "a C compiler is missing (Debian, Ubuntu: apt-get install gcc libc6-dev)."
  build "$program" cc -O2 -Wall -Wextra -o "$target/$program" "$here/$program.c"
  [ -z "$missing" ] || fail "$program: $missing"
}

# Installs what npm has to install in peers/$1.
npm_ci() {
  local folder=$here/peers/$1
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    missing='install Node 18 or newer with npm (Debian, Ubuntu: apt-get install nodejs npm)'
  elif [ ! "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
    build "$1" npm ci --prefix "$folder" --loglevel=error
  fi
}

# Finds what the launcher has built: sets launcher and plugin_jar, or missing.
find_dormouse() {
  local jar
  launcher=$repository/dist/target/dormouse/dormouse
  plugin_jar=''
  for jar in "$here"/plugin/target/load-test-*.jar; do
    [[ $jar == *-sources.jar || $jar == *-javadoc.jar || ! -f $jar ]] || plugin_jar=$jar
  done
  if [ ! -x "$launcher" ] || [ -z "$plugin_jar" ]; then
    missing="it is not built: call './dormouse bench', which builds it"
  fi
}

# Waits until server, just started, listens on port. $1 its name, $2 the file with its output.
await_server() {
  for _ in $(seq $((start_timeout * 10))); do
    is_open "$port" && return
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  say "  $1 did not start; the end of $2:"
  tail -n 5 "$2"
  end "$server"
  return 1
}

# The value of a key in a line of key=value.
value_of() { sed -n "s/.* $1=\([0-9]*\).*/\1/p" <<<"$2"; }

# --- One host -----------------------------------------------------------------------------------

on_cpus=() # a command in front of the host's, which limits its CPUs

# Starts a host with the plugins folder $1 on ports of its own; more arguments are options. Sets
# server, its process id, port and admin_port.
start_host() {
  local plugins=$1 log=$target/dormouse.log
  shift
  next_port
  admin_port=$port
  next_port
  start_child ${on_cpus[@]+"${on_cpus[@]}"} "$launcher" run --port "$port" --admin-port "$admin_port" --plugins "$plugins" "$@" >"$log" 2>&1
  server=$started
  await_server dormouse "$log" || exit 1
}

# Calls the admin listener: method, path, then options of curl. The answer goes to a file.
admin() {
  local method=$1 path=$2 code
  shift 2
  code=$(curl -sS -X "$method" -o "$target/admin.out" -w '%{http_code}' "$@" "http://127.0.0.1:$admin_port$path") ||
    fail "the admin listener did not answer $method $path."
  [[ $code == 2* ]] || fail "$method $path was answered with $code: $(cat "$target/admin.out")"
}

# Makes JARs of the plugin; arguments as Variants.java has them after the first.
make_variants() {
  run_child "$java" "$here/Variants.java" "$plugin_jar" "$@" || fail "the plugin's JARs could not be made."
}

need() {
  command -v "$1" >/dev/null || fail "$1 is missing (Debian, Ubuntu: apt-get install $1)."
}

# Starts a program in the background with its output in file $1. Sets started.
start_load() {
  local out=$1
  shift
  start_child "$@" >"$out" 2>&1
}

# Waits for a line that begins with $3 in the output $2 of process $1.
await_line() {
  while ! grep -q "^$3" "$2"; do
    kill -0 "$1" 2>/dev/null || fail "the load ended early: $(tail -n 1 "$2")"
    sleep 0.05
  done
}

# Prints whether $1, a number of ms or MB, is at most $2.
met() { awk -v a="$1" -v b="$2" 'BEGIN { print a <= b ? "met" : "missed" }'; }
