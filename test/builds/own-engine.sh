#!/bin/sh
# own-engine.sh ROOT DATA SOCKETS: runs the dockerd of the Debian in ROOT, in a mount namespace of its own (see own-engine.ts).
set -eu
root=$1 data=$2 sockets=$3
mkdir -p "$data"
mount --bind "$root" "$root" # The new root must be a mount point.
for folder in proc sys dev; do mount --rbind "/$folder" "$root/$folder"; done
mount -t tmpfs tmpfs "$root/run" # The engine's own sockets and namespaces end with it.
mount -t tmpfs tmpfs "$root/tmp"
for folder in "$data" "$sockets"; do
  mkdir -p "$root$folder"
  mount --bind "$folder" "$root$folder"
done
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/hosts "$root/etc/hosts"
# Not chroot alone: what joins a container later (`docker exec`, health checks) would find itself in the machine's own root.
cd "$root"
pivot_root . mnt
exec chroot . /bin/sh -c 'umount -l /mnt && exec /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"' dockerd \
  /usr/sbin/dockerd --data-root "$data" --exec-root /run/docker --pidfile /run/docker.pid \
  --host "unix://$sockets/docker.sock" --bridge=none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false
