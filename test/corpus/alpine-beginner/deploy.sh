#!/bin/bash
set -euo pipefail
kubectl apply -f "${1:-deployment.yaml}"
