#!/bin/sh
# Bandit over the code; pip-audit and npm audit where an advisory service can be reached. What cannot be asked is
# said, never taken for clean. Exemptions stand in deploy/audit-exempt.tsv, each with its reason.
set -eu
cd "$(dirname "$0")/.."
tools=.venv-audit
if [ ! -x $tools/bin/bandit ] || ! cmp -s deploy/requirements/audit.txt $tools/.have; then
  python3 -m venv $tools
  $tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements/audit.txt
  cp deploy/requirements/audit.txt $tools/.have
fi
exec .venv/bin/python deploy/audit_findings.py
