#!/bin/sh
# The demo's MQTT broker: the system's Mosquitto where there is one, else amqtt in an environment of its own
# (it pins another version of a package of ours). Without either the demo runs, and its gateway does not.
set -eu

for path in "$(command -v mosquitto || true)" /usr/sbin/mosquitto /usr/local/sbin/mosquitto /opt/homebrew/sbin/mosquitto; do
  [ -n "$path" ] && [ -x "$path" ] && exit 0
done

sh "$(dirname "$0")/beside.sh" amqtt '演示用 MQTT 服务器' 'a small MQTT broker for the demo' || {
  echo "!! 无法下载 MQTT 服务器,演示将不含网关电台。" >&2
  echo "!! The MQTT broker could not be downloaded: the demo runs without the radios behind a gateway." >&2
}
