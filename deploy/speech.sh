#!/bin/sh
# Speech from text for broadcasts: espeak-ng (GPL) and lame (LGPL) are only run as programs of their own, never linked.
# Install Debian's packages where that is possible, say so where not: without them broadcasts go out as text.
set -eu

found() {
  command -v espeak-ng > /dev/null 2>&1 && { command -v lame > /dev/null 2>&1 || command -v ffmpeg > /dev/null 2>&1; }
}

found && exit 0
echo "· 安装 espeak-ng 与 lame / installing espeak-ng and lame …"
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends espeak-ng lame) > /dev/null 2>&1 || true
fi
found && exit 0
echo "!! 没有 espeak-ng 或 lame:广播只发文本,由终端自行播报;语音测试将被跳过(CI 中视为失败)。" >&2
echo "!! There is no espeak-ng or lame: broadcasts go out as text, terminals speak it; speech tests will be SKIPPED (in CI that is a failure)." >&2
