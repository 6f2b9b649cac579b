#!/usr/bin/env bash
# Proves that clients hear each other: one on each of two hosts, by long polling, sends a text, and the
# other must get it. What helm test runs; it needs bash and the tools of any Linux.
# Arguments: namespace, event that is sent, event that answers, hosts needed (1 or 2), then name:port,
# whose addresses are the hosts (several may be given).
set -euo pipefail
export LC_ALL=C
namespace=$1 event=$2 answer=$3 needed=$4
shift 4
where=''
[ "$namespace" = / ] || where=$namespace,

say() { printf '%s\n' "$*"; }

fail() {
  say "broadcast: $*" >&2
  exit 1
}

# request HOST PORT METHOD QUERY [BODY]: prints the answer's body; fails when the status is not 200.
request() {
  local answer status
  answer=$(
    exec 2>/dev/null
    exec 3<>"/dev/tcp/$1/$2" || exit 1
    printf '%s /socket.io/?EIO=4&transport=polling%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s' \
      "$3" "$4" dormouse "${#5}" "$5" >&3
    timeout 10 cat <&3
  ) || return 1
  status=${answer%%$'\r'*}
  [[ $status = 'HTTP/1.1 200'* ]] || return 1
  printf '%s' "${answer#*$'\r\n\r\n'}"
}

# await HOST PORT SESSION START TEXT: polls until a packet has both, one after the other; pings are answered.
await() {
  local body
  for _ in {1..20}; do
    body=$(request "$1" "$2" GET "&sid=$3" '') || return 1
    [[ $body != *"$4"*"$5"* ]] || return 0
    [[ $body != 2* ]] || request "$1" "$2" POST "&sid=$3" 3 >/dev/null
  done
  return 1
}

hosts=() ports=() sessions=()
# join HOST PORT: connects a client.
join() {
  local body session
  body=$(request "$1" "$2" GET '' '') || return 1
  session=${body#*\"sid\":\"}
  session=${session%%\"*}
  request "$1" "$2" POST "&sid=$session" "40$where" >/dev/null
  await "$1" "$2" "$session" "40$where" '"sid"' ||
    fail "$1 did not let a client into the namespace '$namespace'; set test.namespace to one of a plugin."
  hosts+=("$1") ports+=("$2") sessions+=("$session")
  say "connected to $1, port $2"
}

for _ in {1..15}; do
  hosts=() ports=() sessions=()
  for target in "$@"; do
    for address in $(getent ahosts "${target%:*}" | cut -d' ' -f1 | sort -u); do
      [ ${#hosts[@]} -ge 2 ] || join "$address" "${target##*:}" || true
    done
  done
  [ ${#hosts[@]} -lt "$needed" ] || break
  sleep 2
done
[ ${#hosts[@]} -ge "$needed" ] || fail "${#hosts[@]} of $needed hosts answer at $*"
# A host alone has both clients.
[ ${#hosts[@]} -ge 2 ] || join "${hosts[0]}" "${ports[0]}" || fail "${hosts[0]} does not answer any more"

for from in 0 1; do
  to=$((1 - from))
  text="dormouse-$RANDOM$RANDOM"
  request "${hosts[from]}" "${ports[from]}" POST "&sid=${sessions[from]}" "42${where}[\"$event\",\"$text\"]" >/dev/null
  await "${hosts[to]}" "${ports[to]}" "${sessions[to]}" "42${where}[\"$answer\"" "$text" ||
    fail "what ${hosts[from]} was sent by '$event' did not come to the client of ${hosts[to]} as '$answer'"
  say "the client of ${hosts[to]} heard the client of ${hosts[from]}"
done
