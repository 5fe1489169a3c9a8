#!/bin/sh
# Installs the servers that the tests start: Ceph and Swift (S3) from Debian or Ubuntu, Google's emulator from npm; and
# eatmydata, which spares them the disk.
# What is there already is left alone. Nothing is started.
set -u
cd "$(dirname "$0")" || exit 1

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

missing=
command -v radosgw > /dev/null && command -v ceph-mon > /dev/null && command -v ceph-osd > /dev/null \
  || missing='ceph-mon ceph-osd radosgw'
/usr/bin/python3 -c 'import swift.common.middleware.s3api' 2> /dev/null || missing="$missing python3-swift"
command -v eatmydata > /dev/null || missing="$missing eatmydata"
if [ -n "$missing" ]; then
  export DEBIAN_FRONTEND=noninteractive
  as_root timeout 120 apt-get update -q \
    && as_root timeout 300 apt-get install -q -y --no-install-recommends $missing curl
fi

[ -d node_modules/firebase-tools ] || timeout 300 npm install --ignore-scripts --no-audit --no-fund --no-package-lock
