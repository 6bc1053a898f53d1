#!/bin/sh
# Bandit over the code; pip-audit and npm audit where an advisory service can be reached. What cannot be asked is
# said, never taken for clean. Bandit's exemptions stand in pyproject.toml, each with its reason.
set -eu
cd "$(dirname "$0")/.."
tools=.venv-audit
if [ ! -x $tools/bin/bandit ] || ! cmp -s deploy/requirements/audit.txt $tools/.have; then
  python3 -m venv $tools
  $tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements/audit.txt
  cp deploy/requirements/audit.txt $tools/.have
fi
status=0
echo "· bandit"
$tools/bin/bandit --quiet --recursive --severity-level medium app deploy || status=1
echo "· pip-audit"
if ! said=$($tools/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
  --timeout 15 -r deploy/requirements/run.txt 2>&1); then
  case "$said" in
    *vulnerabilit*ID*|*"known vulnerabilit"*) printf '%s\n' "$said"; status=1 ;;
    *) echo "!! 无法查询软件包漏洞库,未作检查 / the advisories of Python packages cannot be asked: NOT CHECKED" >&2 ;;
  esac
fi
echo "· npm audit"
if ! said=$(cd web && npm audit --omit=dev --json 2> /dev/null); then
  case "$said" in
    *'"vulnerabilities"'*) printf '%s\n' "$said"; status=1 ;;
    *) echo "!! 无法查询 npm 漏洞库,未作检查 / the advisories of npm packages cannot be asked: NOT CHECKED" >&2 ;;
  esac
fi
exit $status
