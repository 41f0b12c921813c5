# A PostgreSQL of our own on loopback, thrown away at the end of the script that sources this. Sets POSTGRES_URL.

# Arguments are given to the server.
start_postgres() {
    local bin folder port as=()
    bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    folder=$(mktemp -d "${TMPDIR:-/tmp}/comptoir-postgres.XXXXXX")
    port=$("$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$folder"
        as=(setpriv --reuid=postgres --regid=postgres --init-groups)
    fi
    # shellcheck disable=SC2064 -- the folder of now
    trap "(cd / && ${as[*]} '$bin/pg_ctl' -D '$folder/data' -m immediate stop >/dev/null 2>&1) || true; rm -rf '$folder'" EXIT
    (cd / && "${as[@]}" "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >"$folder/log" 2>&1) \
        || { cat "$folder/log" >&2; fail "PostgreSQL could not make its files in $folder."; }
    (cd / && "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w start \
        -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$folder -c max_connections=300 $*" >/dev/null) \
        || { cat "$folder/server.log" >&2; fail "PostgreSQL could not start."; }
    POSTGRES_URL="postgresql://postgres@127.0.0.1:$port/postgres"
}
