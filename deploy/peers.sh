#!/bin/sh
# Programs of others that some tests talk with: gammu drives the simulated satellite phone, nginx stands before
# the nodes that are replaced under load. Install them where that is possible, say so where not.
set -eu

missing() {
  command -v gammu > /dev/null 2>&1 || printf 'gammu '
  command -v nginx > /dev/null 2>&1 || [ -x /usr/sbin/nginx ] || printf 'nginx-light '
  [ -e /usr/lib/nginx/modules/ngx_stream_module.so ] || printf 'libnginx-mod-stream '
}

[ -n "$(missing)" ] || exit 0
echo "· 安装测试用对端程序 / installing the programs that tests talk with: $(missing)…"
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
  # shellcheck disable=SC2046  one word a package
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(missing)) > /dev/null 2>&1 || true
fi
[ -n "$(missing)" ] || exit 0
echo "!! 没有 $(missing),相关互通测试将被跳过(CI 中视为失败)。" >&2
echo "!! There is no $(missing): their tests will be SKIPPED (in CI that is a failure)." >&2
