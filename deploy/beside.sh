#!/bin/sh
# An environment of its own beside ours, for packages that cannot or must not stand in it:
#   sh deploy/beside.sh NAME WHAT_ZH WHAT_EN        makes .venv-NAME of deploy/requirements/NAME.txt, unless it is there
# Status 1 where it could not be made; nothing is left then.
set -eu
cd "$(dirname "$0")/.."
there=.venv-$1 list=deploy/requirements/$1.txt

want=$(sha256sum < "$list" | cut -c1-16)
[ "$(cat "$there/.packages" 2> /dev/null || true)" = "$want" ] && exit 0
printf '· 安装%s / installing %s …\n' "$2" "$3"
rm -rf "$there"
if .venv/bin/python -m venv --without-pip "$there" > /dev/null 2>&1 &&
  .venv/bin/uv pip sync --quiet --require-hashes --python "$there/bin/python" "$list"; then
  echo "$want" > "$there/.packages"
else
  rm -rf "$there"
  exit 1
fi
