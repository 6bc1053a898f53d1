#!/bin/sh
# Browser tests need a Chromium and a Chinese font. Install them where that is possible, say so where not.
set -eu
cd "$(dirname "$0")/.."

found() {
  for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    command -v "$name" > /dev/null 2>&1 && return 0
  done
  .venv/bin/python - <<'PY' 2> /dev/null
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    sys.exit(not os.path.exists(p.chromium.executable_path))
PY
}

# Prints embed a Chinese font, which a machine with a browser may still lack.
font() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts -iname '*cjk*' -print 2> /dev/null | head -n 1)" ]; }

if ! font && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq fonts-noto-cjk) > /dev/null 2>&1 || true
fi
# The same browser without windows, for which page tests take half of the time. Asked for once: the other does as well.
if ! command -v chromium-headless-shell > /dev/null 2>&1 && [ ! -e .venv/.no-headless-shell ] &&
  [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
  touch .venv/.no-headless-shell
  echo "· 安装无窗口的 Chromium / installing the Chromium without windows …"
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell) > /dev/null 2>&1 || true
fi
found && exit 0
echo "· 安装 Chromium / installing Chromium …"
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk) > /dev/null 2>&1 || true
else
  .venv/bin/python -m playwright install chromium > /dev/null 2>&1 || true
fi
found && exit 0
echo "!! 没有 Chromium,浏览器测试将被跳过(CI 中视为失败)。" >&2
echo "!! There is no Chromium: browser tests will be SKIPPED (in CI that is a failure)." >&2
