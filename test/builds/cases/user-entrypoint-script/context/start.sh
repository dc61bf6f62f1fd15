#!/bin/sh
set -e
mkdir -p /var/cache/tool/items
echo ready > /var/cache/tool/items/state
if [ "$1" = show ]; then
  echo "$(cat /var/cache/tool/items/state) in /var/cache/tool"
fi
