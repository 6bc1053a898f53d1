"""One file that shows a replay without any server: the page, its script, its style and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.refusals import Refusal

# A file opened from a disk or an attachment: nothing is fetched, nothing is sent.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:"
)
_PAGE = """<!doctype html>
<html lang="zh-CN" data-theme="dark">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>值守 · 复盘</title>
<style>{style}</style>
</head>
<body>
<div id="app"></div>
{data}
<script>{script}</script>
</body>
</html>
"""


class NoViewer(Refusal):
    """The console was not built: there is no page to put the replay into."""

    code = "no_viewer"

    def __init__(self) -> None:
        super().__init__(
            "本机没有安装复盘页面,无法导出:请让技术人员运行 make setup 后再试;在线复盘不受影响",
            "the page for the file is not installed here: have a technician run `make setup`; "
            "the replay on this screen works without",
        )


def whole_page(viewer: Path, told: Mapping[str, str]) -> str:
    """Return the page with what it shows. `viewer`: the folder of its script and style. Raises NoViewer."""
    try:
        script = (viewer / "viewer.js").read_text(encoding="utf-8")
        style = (viewer / "viewer.css").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NoViewer from error
    data = "\n".join(
        f'<script type="application/json" id="{name}">{inert(text)}</script>' for name, text in told.items()
    )
    return _PAGE.format(
        policy=_POLICY, style=style.replace("</style", r"<\/style"), data=data, script=closed(script)
    )


def inert(json_text: str) -> str:
    """Return JSON in which nothing can end or begin an element: `<` only stands within its strings."""
    return json_text.replace("<", "\\u003c")


def closed(script: str) -> str:
    """Return a script whose strings cannot end the element it stands in."""
    return script.replace("</script", r"<\/script").replace("<!--", r"<\!--")
