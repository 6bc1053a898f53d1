#!/bin/sh
# A small media server for tests and the demo (app/simulators/media_server.py), in an environment of its own:
# its decoder's package brings GPL libraries along, which nothing of ours links. Without it the demo has no picture.
set -eu

sh "$(dirname "$0")/beside.sh" video 测试用流媒体服务器 'a small media server for tests and the demo' || {
  echo "!! 无法下载测试用流媒体服务器:演示没有实时画面,相应的页面测试不能运行。" >&2
  echo "!! The small media server could not be downloaded: the demo has no live picture, its page test cannot run." >&2
}
