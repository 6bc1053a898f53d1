#!/bin/sh
# Make the offline bundle: program, console, every Python package, checksums, a list of parts, install.sh.
#   sh deploy/offline/bundle.sh [FOLDER]      dist/ without one
#   PLATFORM=manylinux_2_28_aarch64 PYTHON_VERSION=3.11 sh deploy/offline/bundle.sh
set -eu
cd "$(dirname "$0")/../.."
out=${1:-dist}
version=$(.venv/bin/python -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["version"])')
python_version=${PYTHON_VERSION:-$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')}
machine=${PLATFORM:-$(uname -m)}
name=zhishou-$version-python$python_version-$machine
say() { printf '· %s / %s …\n' "$1" "$2"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/$name/wheels" "$out"

say "收集程序文件" "collecting the program"
# What is under version control, and the console as it was built.
git ls-files -z app alembic docs deploy pyproject.toml README.md README.zh-CN.md LICENSE |
  tar --null -T - -cf - | tar -xf - -C "$work/$name"
cp -R app/static "$work/$name/app/"
find "$work/$name" -name __pycache__ -type d -prune -exec rm -rf {} +
echo "$python_version" > "$work/$name/PYTHON"
cp deploy/offline/install.sh "$work/$name/install.sh"

say "下载软件包" "downloading the packages"
python3 -m venv "$work/pip"
set -- --quiet --disable-pip-version-check --require-hashes --no-deps --dest "$work/$name/wheels"
if [ -n "${PLATFORM:-}" ]; then
  set -- "$@" --only-binary :all: --implementation cp --python-version "$python_version"
  # A wheel may be made for an older system of the same machine.
  for age in 2_17 2_27 2_28 2_34; do set -- "$@" --platform "manylinux_${age}_${PLATFORM##*_2_??_}"; done
  set -- "$@" --platform any
fi
for list in run uv; do "$work/pip/bin/pip" download "$@" -r "deploy/requirements/$list.txt"; done

say "清单与校验和" "the list of parts, the checksums"
.venv/bin/python deploy/offline/parts.py "$work/$name" web/package-lock.json "$version" > "$work/$name/sbom.cdx.json"
(cd "$work/$name" && find . -type f ! -name SHA256SUMS -print0 | LC_ALL=C sort -z | xargs -0 sha256sum > SHA256SUMS)
tar -C "$work" -czf "$out/$name.tar.gz.part" "$name"
mv "$out/$name.tar.gz.part" "$out/$name.tar.gz"
(cd "$out" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
echo "$out/$name.tar.gz"
