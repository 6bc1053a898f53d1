#!/bin/sh
# A small media server for tests and the demo (app/simulators/media_server.py), in an environment of its own:
# its decoder's package brings GPL libraries along, which nothing of ours links. Without it the demo has no picture.
set -eu
cd "$(dirname "$0")/.."

want=$(sha256sum < deploy/requirements/video.txt | cut -c1-16)
[ "$(cat .venv-video/.packages 2> /dev/null || true)" = "$want" ] && exit 0
printf '· 安装测试用流媒体服务器 / installing a small media server for tests and the demo …\n'
rm -rf .venv-video
if .venv/bin/python -m venv --without-pip .venv-video > /dev/null 2>&1 &&
  .venv/bin/uv pip sync --quiet --require-hashes --python .venv-video/bin/python deploy/requirements/video.txt; then
  echo "$want" > .venv-video/.packages
else
  rm -rf .venv-video
  echo "!! 无法下载测试用流媒体服务器:演示没有实时画面,相应的页面测试不能运行。" >&2
  echo "!! The small media server could not be downloaded: the demo has no live picture, its page test cannot run." >&2
fi
