#!/bin/sh
# Set the checkout up: `run` for the demo, `all` for tests and checks too. Does nothing that is done already.
set -eu
level=${1:-all}
cd "$(dirname "$0")/.."

say() { printf '· %s / %s …\n' "$1" "$2"; }
fail() { printf '\033[31m%s\n%s\033[0m\n' "$1" "$2" >&2; exit 1; }

# ---- Python ------------------------------------------------------------------------------------
if [ ! -x .venv/bin/python ]; then
  python=$(command -v python3 || true)
  [ -n "$python" ] || fail "没有找到 python3,请安装 Python 3.11 或更高版本。" \
                           "python3 was not found: install Python 3.11 or newer."
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Python 版本过低,需要 3.11 或更高版本。" "Python is too old: 3.11 or newer is needed."
  say "创建虚拟环境" "creating the virtual environment"
  rm -rf .venv
  "$python" -m venv .venv > /dev/null 2>&1 ||
    { rm -rf .venv; fail "无法创建虚拟环境,请安装 python3-venv。" \
                         "the virtual environment could not be created: install python3-venv."; }
fi

# A fuller set than asked for is good enough: `make demo` after `make test` changes nothing.
want_run=$(cat deploy/requirements/run.txt pyproject.toml | sha256sum | cut -c1-16)
want_all=$(cat deploy/requirements/dev.txt pyproject.toml | sha256sum | cut -c1-16)
have=$(cat .venv/.packages 2> /dev/null || true)
set_needed=
case "$level" in
  run) [ "$have" = "run $want_run" ] || [ "$have" = "all $want_all" ] || set_needed="run $want_run" ;;
  *) [ "$have" = "all $want_all" ] || set_needed="all $want_all" ;;
esac
if [ -n "$set_needed" ]; then
  list=deploy/requirements/dev.txt
  [ "$level" = run ] && list=deploy/requirements/run.txt
  offline_zh="无法下载软件包,请检查网络或软件源设置后重试。"
  offline_en="packages could not be downloaded: check the network or the package index, then try again."
  rm -f .venv/.packages
  say "安装 Python 软件包" "installing Python packages"
  [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --require-hashes -r deploy/requirements/uv.txt || fail "$offline_zh" "$offline_en"
  .venv/bin/uv pip sync --quiet --compile-bytecode --require-hashes --python .venv/bin/python "$list" ||
    fail "$offline_zh" "$offline_en"
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable . ||
    fail "安装本项目失败。" "this project could not be installed into its environment."
  echo "$set_needed" > .venv/.packages
fi
# Compiled once here, not at every start (some machines forbid Python to keep what it compiled).
.venv/bin/python -m compileall -q app || fail "本项目的 Python 代码无法编译。" "the Python code of this project does not compile."

# ---- Console -----------------------------------------------------------------------------------
sources=$(find web -type f ! -path 'web/node_modules/*' ! -path 'web/dist/*' | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-16)
built=$(cat app/static/.built 2> /dev/null || true)
packages=$(sha256sum web/package-lock.json | cut -c1-16)
installed=$(cat web/node_modules/.installed 2> /dev/null || true)
needs_node=
[ "$built" = "$sources" ] || needs_node=1
[ "$level" = run ] || [ "$installed" = "$packages" ] || needs_node=1
if [ -n "$needs_node" ]; then
  command -v npm > /dev/null 2>&1 && command -v node > /dev/null 2>&1 ||
    fail "没有找到 Node.js,请安装 Node 20 或更高版本(含 npm)。" "Node.js was not found: install Node 20 or newer with npm."
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' ||
    fail "Node.js 版本过低,需要 20 或更高版本。" "Node.js is too old: 20 or newer is needed."
  if [ "$installed" != "$packages" ]; then
    say "安装控制台软件包" "installing the console's packages"
    (cd web && npm ci --silent --no-audit --no-fund) ||
      fail "无法下载控制台软件包,请检查网络或软件源设置后重试。" \
           "the console's packages could not be downloaded: check the network, then try again."
    echo "$packages" > web/node_modules/.installed
  fi
  if [ "$built" != "$sources" ]; then
    say "构建控制台" "building the console"
    (cd web && npm run --silent build) || fail "控制台构建失败,原因见上。" "the console could not be built: see above."
    echo "$sources" > app/static/.built
  fi
fi
