#!/bin/sh
# Install Zhishou from this bundle, without any network: sh install.sh [FOLDER]      /opt/zhishou without one
set -eu
cd "$(dirname "$0")"
target=${1:-/opt/zhishou}
wanted=$(cat PYTHON)
fail() { printf '%s\n%s\n' "$1" "$2" >&2; exit 1; }
say() { printf '· %s / %s …\n' "$1" "$2"; }

say "核对文件" "checking the files"
sha256sum --quiet --strict -c SHA256SUMS ||
  fail "安装包不完整或被改动,请重新拷贝。什么也没有安装。" \
       "The bundle is damaged or was altered: copy it again. Nothing was installed."
python=$(command -v "python$wanted" || command -v python3 || true)
[ -n "$python" ] && [ "$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$wanted" ] ||
  fail "需要 Python $wanted(本安装包为它制作),请先安装。" \
       "Python $wanted is needed (this bundle was made for it): install it first."

say "安装到 $target" "installing into $target"
mkdir -p "$target"
for part in app alembic docs deploy pyproject.toml README.md README.zh-CN.md LICENSE sbom.cdx.json; do
  rm -rf "$target/$part.new"
  cp -R "$part" "$target/$part.new"
  rm -rf "${target:?}/$part"
  mv "$target/$part.new" "$target/$part"
done
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"$python" -m zipfile -e wheels/uv-*.whl "$tools"
uv=$(find "$tools" -path '*/scripts/uv' -type f)
chmod +x "$uv"
export UV_CACHE_DIR="$tools/cache" UV_OFFLINE=1 UV_NO_CONFIG=1
[ -x "$target/.venv/bin/python" ] || "$uv" venv --quiet --python "$python" "$target/.venv"
"$uv" pip sync --quiet --no-index --find-links wheels --require-hashes --compile-bytecode \
  --python "$target/.venv/bin/python" deploy/requirements/run.txt
"$uv" pip install --quiet --no-index --no-deps --no-build-isolation --python "$target/.venv/bin/python" \
  --editable "$target"
"$target/.venv/bin/python" -m compileall -q "$target/app"

printf '%s\n' "已装好:$target/.venv/bin/zhishou --help" "Installed: $target/.venv/bin/zhishou --help" \
  "下一步见 / next: $target/docs/operation.md"
