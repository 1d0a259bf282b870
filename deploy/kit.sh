#!/usr/bin/env bash
# Pack everything an installation needs into one file, for a machine without any network:
#   deploy/kit.sh PYTHON DIRECTORY     (make kit)
# The kit is for the kind of machine and the Python it is made on.
set -euo pipefail
python=$1 out=$2
cd "$(dirname "$0")/.."
version=$("$python" -c 'from importlib.metadata import version; print(version("duban"))')
name="duban-$version-$("$python" -c 'import platform, sys; print(f"py{sys.version_info[0]}{sys.version_info[1]}-{platform.machine()}")')"
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT

mkdir -p "$work/$name/wheels" "$out"
pip() { "$python" -m pip --disable-pip-version-check "$@"; }
pip download --quiet --no-deps --require-hashes --only-binary :all: \
  --dest "$work/$name/wheels" --requirement requirements.lock
pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir "$work/$name/wheels" .
cp requirements.lock deploy/install.sh "$work/$name/"
cp -R deploy/systemd deploy/env.example deploy/README.md "$work/$name/"
(cd "$work/$name" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
tar --sort=name --owner=0 --group=0 --numeric-owner -C "$work" -czf "$out/$name.tar.gz" "$name"
(cd "$out" && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
