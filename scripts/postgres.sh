#!/usr/bin/env bash
# Sourced: a PostgreSQL of our own for one test run, on a free loopback port, in a folder that is removed again.
# shellcheck disable=SC2034 # POSTGRES_URL is for whoever sources it
# It never touches a server that already runs. `postgres_start FOLDER` sets POSTGRES_URL; `postgres_stop` ends it.

POSTGRES_URL=""
POSTGRES_FOLDER=""
POSTGRES_USER=""
POSTGRES_BIN=""

postgres_find() {
    local folder
    for folder in /usr/lib/postgresql/*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql*/bin; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then POSTGRES_BIN="$folder"; fi
    done
    if [ -z "$POSTGRES_BIN" ] && have initdb && have pg_ctl; then POSTGRES_BIN="$(dirname "$(command -v initdb)")"; fi
    [ -n "$POSTGRES_BIN" ]
}

# PostgreSQL refuses to run as root: then it runs as its own account, or as nobody.
postgres_as() {
    if [ -n "$POSTGRES_USER" ]; then
        runuser -u "$POSTGRES_USER" -- "$@"
    else
        "$@"
    fi
}

postgres_start() {
    POSTGRES_FOLDER="$1"
    postgres_find || { apt_install postgresql && postgres_find; } || die "PostgreSQL's initdb and postgres are missing"
    mkdir -p "$POSTGRES_FOLDER"
    if [ "$(id -u)" -eq 0 ]; then
        POSTGRES_USER=nobody
        if id postgres >/dev/null 2>&1; then POSTGRES_USER=postgres; fi
        chown "$POSTGRES_USER" "$POSTGRES_FOLDER"
        # The account must be able to walk down to its folder.
        chmod 711 "$(dirname "$POSTGRES_FOLDER")"
    fi
    chmod 700 "$POSTGRES_FOLDER"
    (cd / && postgres_as "$POSTGRES_BIN/initdb" -D "$POSTGRES_FOLDER/cluster" -U yiwang -A trust -E UTF8 --locale=C --no-sync) \
        >"$POSTGRES_FOLDER.initdb.log" 2>&1 || die "initdb failed: $(tail -3 "$POSTGRES_FOLDER.initdb.log")"

    # Durability of the test cluster is of no interest; what the tests prove about it they prove on SQLite.
    local port tries
    for tries in 1 2 3 4 5 6 7 8; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if port_taken "$port"; then continue; fi
        if (cd / && postgres_as "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_FOLDER/cluster" -l "$POSTGRES_FOLDER/server.log" -w -t 60 \
            -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300" \
            start) >/dev/null 2>&1; then
            POSTGRES_URL="postgres://yiwang@127.0.0.1:$port/postgres"
            return 0
        fi
        say "    port $port did not work (try $tries)"
    done
    die "PostgreSQL did not start: $(tail -3 "$POSTGRES_FOLDER/server.log")"
}

postgres_stop() {
    if [ -n "$POSTGRES_FOLDER" ] && [ -f "$POSTGRES_FOLDER/cluster/postmaster.pid" ]; then
        (cd / && postgres_as "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_FOLDER/cluster" -m immediate -w -t 30 stop) >/dev/null 2>&1 || true
    fi
    POSTGRES_FOLDER=""
}
