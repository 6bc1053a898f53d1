#!/bin/sh
# Does every package of the lock files have a wheel for another machine? Nothing is installed.
#   sh deploy/wheels.sh [aarch64-manylinux_2_28]
set -eu
cd "$(dirname "$0")/.."
platform=${1:-aarch64-manylinux_2_28}
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
status=0
for list in run dev traces video amqtt uv; do
  if said=$(.venv/bin/uv pip install --dry-run --no-deps --only-binary :all: --require-hashes --python .venv/bin/python \
    --python-platform "$platform" --target "$target" -r "deploy/requirements/$list.txt" 2>&1); then
    echo "$list.txt: $(printf '%s\n' "$said" | grep -c '^ + ') 个软件包都有 $platform 的 wheel / packages, each with a wheel"
  else
    status=1
    printf '!! %s.txt: 缺少 / lacking\n%s\n' "$list" "$said" >&2
  fi
done
exit $status
