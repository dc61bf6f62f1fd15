#!/bin/bash
set -e

# Of a server that was killed.
rm -f /myapp/tmp/pids/server.pid

exec "$@"
