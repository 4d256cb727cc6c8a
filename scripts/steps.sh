#!/usr/bin/env bash
# Sourced by the other scripts: say what is done and how long it took, install what is missing.
# shellcheck disable=SC2034 # its variables are for whoever sources it

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
PNPM="pnpm@10.34.9"
NEXTEST_VERSION="0.9.143"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"

say() { printf '%s\n' "$*"; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# step "what is done" command...: says it, runs it, says how long it took; the command's exit code is kept.
step() {
    local what="$1" began=$SECONDS code=0
    shift
    say "==> $what"
    "$@" || code=$?
    if [ "$code" -eq 0 ]; then
        say "    $what: done in $((SECONDS - began)) s"
    else
        say "    $what: FAILED after $((SECONDS - began)) s (exit code $code)"
    fi
    return "$code"
}

have() { command -v "$1" >/dev/null 2>&1; }

need_rust() {
    have cargo || die "Rust is missing: install it from https://rustup.rs; rust-toolchain.toml names the version"
}

need_node() {
    { have node && have npm; } || die "Node.js is missing: version 20.19 or later, with npm, from https://nodejs.org"
}

# Installs Debian packages; fails with a clear word where that is not possible.
apt_install() {
    have apt-get || die "missing: $*; install them with your system's package manager"
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        { have sudo && sudo -n true 2>/dev/null; } || die "missing: $*; run: sudo apt-get install $*"
        sudo=(sudo -n)
    fi
    # A stale package list is the usual reason for a failure: refresh it once, then try again.
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 ||
        { "${sudo[@]}" apt-get update -q >/dev/null &&
            "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null; }
}

need_nextest() {
    cargo nextest --version >/dev/null 2>&1 ||
        step "install cargo-nextest (once per machine)" cargo install --quiet --locked "cargo-nextest@$NEXTEST_VERSION"
}

# pnpm, in the version that the lock file was written with.
pnpm() { npm exec --yes --package "$PNPM" -- pnpm "$@"; }

# True when something listens on the loopback port.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

first_free_port() {
    local port="$1"
    while port_taken "$port"; do port=$((port + 1)); done
    printf '%s\n' "$port"
}
