#!/bin/sh
# `make fuzz` searches the readers of bytes by coverage where atheris has a wheel; elsewhere it says so and goes on.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -c 'import atheris' 2> /dev/null && exit 0
echo "· 安装 atheris / installing atheris …"
.venv/bin/uv pip install --quiet --require-hashes --only-binary :all: --python .venv/bin/python \
  -r deploy/requirements/fuzz.txt 2> /dev/null && exit 0
echo "!! 没有 atheris:字节读取器只做变异测试,不按覆盖率搜索。" >&2
echo "!! There is no atheris: readers of bytes are fed mutations, not searched by coverage." >&2
