#!/usr/bin/env bash
# From a fresh checkout to a running demo city. PORT and DATA choose another port and folder.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
cd "$ROOT"

need_rust
need_node
step "build the console" scripts/web.sh
step "build the server (ten minutes and more the first time)" cargo build --profile demo --locked -p yiwang-server

port="$(first_free_port "${PORT:-8080}")"
data="${DATA:-./data/demo}"
address="http://127.0.0.1:$port"
say "==> start the demo city, data in $data"
say "    console: $address"
say "    accounts are listed on the sign-in page; Ctrl+C stops the server"

# Opens a browser once the server answers, where there is a screen to show it on.
open_browser() {
    local opener="" tries=0
    for candidate in xdg-open open wslview; do
        if have "$candidate"; then opener="$candidate" && break; fi
    done
    [ -n "$opener" ] || return 0
    [ "$opener" = open ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${WSL_DISTRO_NAME:-}" ] || return 0
    until port_taken "$port"; do
        tries=$((tries + 1))
        [ "$tries" -lt 120 ] || return 0
        sleep 0.5
    done
    "$opener" "$address" >/dev/null 2>&1 || true
}
[ -n "${CI:-}" ] || open_browser &

exec target/demo/yiwang demo --data "$data" --listen "127.0.0.1:$port"
