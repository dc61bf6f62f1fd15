#!/bin/bash
# make-root.sh RELEASE slim|full FOLDER -- a root file system of the packages and settings of Debian's own image.
set -euo pipefail
release=$1 kind=$2 folder=$3
options=()
if [ "$kind" = slim ]; then
  # debuerreotype's .slimify-excludes and .slimify-includes
  for path in doc groff info linda lintian/overrides locale man; do options+=(--dpkgopt="path-exclude=/usr/share/$path/*"); done
  options+=(--dpkgopt="path-include=/usr/share/doc/*/copyright" --dpkgopt="path-include=/usr/share/locale/locale.alias")
fi
mmdebstrap --quiet --variant=minbase --mode=root --format=directory \
  --include=usr-is-merged --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr "${options[@]}" --dpkgopt=force-unsafe-io \
  --aptopt='Acquire::Languages "none"' --aptopt='Acquire::GzipIndexes "true"' \
  --aptopt='Apt::AutoRemove::SuggestsImportant "false"' --aptopt='Dir::Cache::pkgcache ""' --aptopt='Dir::Cache::srcpkgcache ""' \
  --customize-hook='printf "#!/bin/sh\nexit 101\n" > "$1/usr/sbin/policy-rc.d"; chmod +x "$1/usr/sbin/policy-rc.d"' \
  --customize-hook='printf "DPkg::Post-Invoke { \"rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true\"; };\n" > "$1/etc/apt/apt.conf.d/docker-clean"' \
  --customize-hook='rm -rf "$1"/var/log/apt "$1"/var/log/dpkg.log "$1"/var/log/alternatives.log; : > "$1/etc/resolv.conf"' \
  "$release" "$folder"
