#!/bin/sh
# Write the lock files anew: names, versions and hashes, no addresses.
set -eu
cd "$(dirname "$0")/.."
compile() { .venv/bin/uv pip compile --quiet --generate-hashes --universal --no-header --no-annotate --python-version 3.11 --upgrade "$@"; }
compile pyproject.toml --extra build -o deploy/requirements/run.txt
compile pyproject.toml --extra build --extra dev -o deploy/requirements/dev.txt
compile pyproject.toml --extra build --extra traces -o deploy/requirements/traces.txt
printf 'uv\n' | compile - -o deploy/requirements/uv.txt
printf 'amqtt\n' | compile - -o deploy/requirements/amqtt.txt  # the demo's broker where there is no Mosquitto
printf 'aiortc\nlivekit-api\npillow\n' | compile - -o deploy/requirements/video.txt  # the test double of a media server (deploy/video.sh)
printf 'atheris==3.0.0\n' | compile - -o deploy/requirements/fuzz.txt  # the last with wheels for Python 3.11
printf 'bandit\npip-audit\n' | compile - -o deploy/requirements/audit.txt
