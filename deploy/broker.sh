#!/bin/sh
# The demo's MQTT broker: the system's Mosquitto where there is one, else amqtt in an environment of its own
# (it pins another version of a package of ours). Without either the demo runs, and its gateway does not.
set -eu
cd "$(dirname "$0")/.."

for path in "$(command -v mosquitto || true)" /usr/sbin/mosquitto /usr/local/sbin/mosquitto /opt/homebrew/sbin/mosquitto; do
  [ -n "$path" ] && [ -x "$path" ] && exit 0
done

want=$(sha256sum < deploy/requirements/amqtt.txt | cut -c1-16)
[ "$(cat .venv-amqtt/.packages 2> /dev/null || true)" = "$want" ] && exit 0
printf '· 安装演示用 MQTT 服务器 / installing a small MQTT broker for the demo …\n'
rm -rf .venv-amqtt
if .venv/bin/python -m venv --without-pip .venv-amqtt > /dev/null 2>&1 &&
  .venv/bin/uv pip sync --quiet --require-hashes --python .venv-amqtt/bin/python deploy/requirements/amqtt.txt; then
  echo "$want" > .venv-amqtt/.packages
else
  rm -rf .venv-amqtt
  echo "!! 无法下载 MQTT 服务器,演示将不含网关电台。" >&2
  echo "!! The MQTT broker could not be downloaded: the demo runs without the radios behind a gateway." >&2
fi
