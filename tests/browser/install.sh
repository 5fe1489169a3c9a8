#!/bin/sh
# Installs what the tests open pages with: Chromium and a font from Debian or Ubuntu, Playwright from npm.
# What is there already is left alone. Nothing is started.
set -u
cd "$(dirname "$0")" || exit 1

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

missing=
[ -x /usr/bin/chromium ] || missing=chromium
[ -f /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing="$missing fonts-dejavu-core"
if [ -n "$missing" ]; then
  export DEBIAN_FRONTEND=noninteractive
  as_root timeout 120 apt-get update -q && as_root timeout 300 apt-get install -q -y --no-install-recommends $missing
fi

[ -d node_modules/playwright-core ] || timeout 120 npm install --ignore-scripts --no-audit --no-fund --no-package-lock
