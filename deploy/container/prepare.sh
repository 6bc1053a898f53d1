#!/bin/sh
# Write what compose.yaml takes from ./secrets: passwords by chance, a certificate by ourselves unless you bring one.
#   sh deploy/container/prepare.sh NAME [FOLDER]       NAME: what people type into the browser, e.g. 10.1.2.3
#   sh deploy/container/prepare.sh --gateway edge-linxi [FOLDER]      one more gateway: prints its password
#   sh deploy/container/prepare.sh --renew edge-linxi [FOLDER]        another password for it: the old one holds until the
#                                                                    broker has read the file again (HUP), not longer
# Who did that and when is written into gateway_credentials, from where the nodes take it into the journal.
# Nothing else that is there already is touched. Needs openssl and python3; as root the owners are set as the containers
# read: 10001 our nodes, 1883 the broker.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
umask 077
chance() { openssl rand -hex 24; }
# A line of Mosquitto's password file: PBKDF2 with SHA-512 ("$7$").
account() {
  NAME=$1 WORD=$2 python3 - << 'PY'
import base64, hashlib, os
salt = os.urandom(12)
told = hashlib.pbkdf2_hmac("sha512", os.environ["WORD"].encode(), salt, 10_000)
print(f"{os.environ['NAME']}:$7$10000${base64.b64encode(salt).decode()}${base64.b64encode(told).decode()}")
PY
}
owned() { [ "$(id -u)" != 0 ] || chown "$2" "$secrets/$1"; chmod "$3" "$secrets/$1"; }
# What was written beside a file goes into that very file: a container that has it mounted would go on reading the old
# one if another were put in its place.
filled() { [ ! -e "$1" ] || chmod u+w "$1"; cat "$1.new" > "$1"; rm "$1.new"; }
who() { printf '%s' "${SUDO_USER:-$(id -un 2> /dev/null || id -u)}@$(uname -n)"; }

if [ "${1:-}" = --gateway ] || [ "${1:-}" = --renew ]; then
  gateway=${2:?name of the gateway}
  secrets=${3:-$here/secrets}
  passwords=$secrets/mosquitto_passwords dates=$secrets/gateway_credentials
  known() { awk -F: -v name="$gateway" '$1 == name { found = 1 } END { exit !found }' "$passwords"; }
  if [ "$1" = --renew ]; then
    known || { echo "没有 $gateway / there is no $gateway" >&2; exit 1; }
  else
    ! known || { echo "$gateway 已存在 / is there already" >&2; exit 1; }
  fi
  word=$(chance)
  { awk -F: -v name="$gateway" '$1 != name' "$passwords"; account "$gateway" "$word"; } > "$passwords.new"
  : > "$dates.new"
  [ ! -e "$dates" ] || awk -F'\t' -v name="$gateway" '$1 != name' "$dates" > "$dates.new"
  printf '%s\t%s\t%s\n' "$gateway" "$(date -u +%FT%TZ)" "$(who)" >> "$dates.new"
  filled "$passwords"
  filled "$dates"
  owned mosquitto_passwords 1883:1883 600
  owned gateway_credentials 10001:10001 400
  echo "ZHISHOU_MQTT_URL=mqtts://$gateway:$word@CENTRE:8883"
  echo "然后 / then: docker compose kill -s HUP broker" >&2
  exit 0
fi

name=${1:?what people type into the browser: a name or an address}
secrets=${2:-$here/secrets}
mkdir -p "$secrets"
if [ ! -e "$secrets/postgres_password" ]; then
  word=$(chance)
  printf '%s' "$word" > "$secrets/postgres_password"
  printf 'postgresql://zhishou:%s@database:5432/zhishou' "$word" > "$secrets/database_url"
fi
if [ ! -e "$secrets/mosquitto_passwords" ]; then
  word=$(chance)
  account centre "$word" > "$secrets/mosquitto_passwords"
  printf 'mqtt://centre:%s@broker:1883' "$word" > "$secrets/zhishou_mqtt_url"
fi
[ -e "$secrets/gateway_credentials" ] || : > "$secrets/gateway_credentials"
if [ ! -e "$secrets/tls_key" ]; then
  case "$name" in *[!0-9.]*) kind=DNS ;; *) kind=IP ;; esac
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -subj "/CN=$name" \
    -addext "subjectAltName=$kind:$name" -keyout "$secrets/tls_key" -out "$secrets/tls_certificate" 2> /dev/null
fi
owned postgres_password 0:0 600
owned database_url 10001:10001 400
owned zhishou_mqtt_url 10001:10001 400
owned mosquitto_passwords 1883:1883 600
owned gateway_credentials 10001:10001 400
owned tls_certificate 0:0 644
owned tls_key 0:1883 640
