#!/bin/sh
# Ceph's S3 gateway over one monitor and one storage daemon that keeps everything in memory. On loopback, for tests.
#
#   ceph.sh DIRECTORY PORT ACCESS_KEY SECRET_KEY
#
# Says "ready" once it answers on PORT, and ends with its standard input, so that it never outlives who started it.
# The monitor listens on PORT+1, the storage daemon on four of the ports up to PORT+20.
set -eu
directory=$1 port=$2 access=$3 secret=$4
mkdir -p "$directory/mon" "$directory/osd"
cd "$directory"

cluster=$(cat /proc/sys/kernel/random/uuid)
storage=$(cat /proc/sys/kernel/random/uuid)
classes=$(dirname "$(find /usr/lib -path '*/rados-classes/libcls_rgw.so' | head -n 1)")
cat > ceph.conf <<CONF
[global]
fsid = $cluster
mon host = 127.0.0.1:$((port + 1))
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind port min = $((port + 2))
ms bind port max = $((port + 20))
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
auth supported = none
admin socket =
pid file =
run dir = $directory
log file = /dev/null
mon cluster log file = /dev/null

[mon]
mon data = $directory/mon
mon allow pool size one = true
mon max pg per osd = 1000

[osd]
osd data = $directory/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd class dir = $classes
osd class update on start = false
osd crush update on start = false

[client]
rgw data = $directory
rgw gc obj min wait = 5
rgw gc processor period = 5

[global]
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
CONF
export CEPH_CONF="$directory/ceph.conf"

# The gateway would wait for a storage daemon that is told to stop at the same time: nothing here is worth keeping.
daemons=
trap 'kill -KILL $daemons 2>/dev/null || true' EXIT
trap 'exit 1' INT TERM HUP

monmaptool --create --addv a "[v1:127.0.0.1:$((port + 1))]" --fsid "$cluster" monmap > setup.log
ceph-mon --mkfs -i a --monmap monmap >> setup.log 2>&1
ceph-mon -i a -f > mon.log 2>&1 < /dev/null &
daemons="$daemons $!"
tries=0
until ceph --connect-timeout 10 osd new "$storage" >> setup.log 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 20 ]
  sleep 0.5
done

ceph-osd -i 0 --mkfs --osd-uuid "$storage" >> setup.log 2>&1
ceph osd crush add osd.0 1 host=loopback root=default >> setup.log 2>&1
ceph-osd -i 0 -f > osd.log 2>&1 < /dev/null &
daemons="$daemons $!"
radosgw-admin user create --uid tests --display-name tests --access-key "$access" --secret-key "$secret" >> setup.log 2>&1
radosgw-admin user create --uid guest --display-name guest --access-key guest --secret-key guest-secret >> setup.log 2>&1
radosgw -n client.gateway -f --rgw-frontends="beast endpoint=127.0.0.1:$port" > gateway.log 2>&1 < /dev/null &
daemons="$daemons $!"
until curl -s -o /dev/null --max-time 2 "http://127.0.0.1:$port/"; do
  sleep 0.1
done

echo ready
cat > /dev/null
