#!/usr/bin/env bash
# Install duban from the unpacked kit, with no network: ./install.sh [DIRECTORY] [PYTHON]
# DIRECTORY (default /opt/duban) gets a virtual environment; nothing else is touched.
set -euo pipefail
target=${1:-/opt/duban} python=${2:-python3}
cd "$(dirname "$0")"

sha256sum --quiet --check SHA256SUMS
"$python" -m venv "$target"
pip() { "$target/bin/python" -m pip --disable-pip-version-check "$@"; }
pip install --quiet --no-index --find-links wheels --no-deps --require-hashes --requirement requirements.lock
pip install --quiet --no-index --no-deps wheels/duban-*.whl
pip check
echo "installed: $target/bin/duban"
