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
    chromium)
      # The stories are in Japanese; without its letters the pictures would show boxes.
      if [ "${NAJIMI_E2E:-}" = skip ]; then continue; fi
      if { [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null; } \
        && fc-list :lang=ja 2>/dev/null | grep -q .; then continue; fi
      if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "== installing Chromium and Japanese letters for the browser stories"
        apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
      else echo "Chromium or Japanese letters are missing for the browser stories: sudo apt-get install chromium fonts-noto-cjk"; exit 1; fi ;;
  esac
done
