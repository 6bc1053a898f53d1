#!/bin/sh
# Try a bundle as a county would: installed and started where there is no network at all (needs root: unshare).
#   sh deploy/offline/try.sh dist/zhishou-….tar.gz
set -eu
bundle=$(realpath "$1")
if [ "${2:-}" != inside ]; then exec unshare -n sh "$0" "$bundle" inside; fi

ip link set lo up 2> /dev/null || true
if getent hosts example.org > /dev/null 2>&1; then echo "there is a network here: nothing was tried" >&2; exit 1; fi
work=$(mktemp -d)
server=
finish() { [ -z "$server" ] || kill "$server" 2> /dev/null || true; [ -z "$server" ] || wait "$server" 2> /dev/null || true; rm -rf "$work"; }
trap finish EXIT
chmod 755 "$work"
tar -xzf "$bundle" -C "$work"
sh "$work"/zhishou-*/install.sh "$work/opt"
cd "$work"
export ZHISHOU_DATA="$work/data" ZHISHOU_PORT=8199 ZHISHOU_JT808_PORT=18899 DATABASE_URL=
"$work/opt/.venv/bin/zhishou" migrate
"$work/opt/.venv/bin/zhishou" serve > "$work/serve.log" 2>&1 &
server=$!
"$work/opt/.venv/bin/python" - << 'PY'
import time, httpx
for _ in range(240):
    try:
        answer = httpx.get("http://127.0.0.1:8199/api/health", trust_env=False)
        page = httpx.get("http://127.0.0.1:8199/login", trust_env=False, follow_redirects=True)
        assert answer.json()["status"] == "ok", answer.text
        assert page.status_code == 200 and "<script" in page.text, page.text[:300]
        print(f"installed and started without a network: {answer.json()['version']}")
        break
    except httpx.TransportError:
        time.sleep(0.5)
else:
    raise SystemExit(open("serve.log").read())
PY
"$work/opt/.venv/bin/zhishou" doctor || true
