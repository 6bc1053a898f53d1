#!/bin/sh
# The tests of the MQTT gateways need a broker. Install Debian's Mosquitto where that is possible, say so where not.
set -eu

found() {
  for path in /usr/sbin/mosquitto "$(command -v mosquitto || true)"; do
    [ -n "$path" ] && [ -x "$path" ] && command -v mosquitto_pub > /dev/null 2>&1 && return 0
  done
  return 1
}

found && exit 0
echo "· 安装 Mosquitto / installing Mosquitto …"
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq mosquitto mosquitto-clients) > /dev/null 2>&1 || true
fi
found && exit 0
echo "!! 没有 Mosquitto,MQTT 测试将被跳过(CI 中视为失败)。" >&2
echo "!! There is no Mosquitto: MQTT tests will be SKIPPED (in CI that is a failure)." >&2
