#!/bin/sh
# Programs of others that some tests talk with: gammu drives the simulated satellite phone. Install them
# where that is possible, say so where not.
set -eu

command -v gammu > /dev/null 2>&1 && exit 0
echo "· 安装测试用对端程序 / installing the programs that tests talk with: gammu …"
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq gammu) > /dev/null 2>&1 || true
fi
command -v gammu > /dev/null 2>&1 && exit 0
echo "!! 没有 gammu,卫星电话互通测试将被跳过(CI 中视为失败)。" >&2
echo "!! There is no gammu: its tests with the simulated phone will be SKIPPED (in CI that is a failure)." >&2
