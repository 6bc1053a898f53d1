"""`make pictures`: the pictures of the README and of docs/, taken of the running demo into docs/images.

Each is one line of PICTURES. The demo runs on ports and data of its own and is stopped at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import httpx
import typer
from PIL import Image
from playwright.async_api import Browser, Page, expect

from tests.browser import chromium, log_in, page_of
from tests.node import free_port
from tests.zygote import ROOT

FOLDER = ROOT / "docs" / "images"
LARGEST_BYTES = 300_000
COLOURS = 128
DEMO_WITHIN_S = 600
STORY_S = 45  # until the demo's own calls and teams have moved


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: whose screen, where, what is there when it is ready, which keys are pressed first."""

    name: str
    account: str
    path: str
    ready: str
    keys: tuple[str, ...] = ()
    then: str = "body"  # what is to be seen after the keys
    theme: str = "dark"
    lang: str = "zh"
    width: int = 1366
    height: int = 768


PICTURES = (
    Picture("desk", "chenjie", "/", "desk"),
    Picture("desk-light", "chenjie", "/", "desk", theme="light"),
    Picture("palette", "chenjie", "/", "desk", keys=("Control+k", "x", "f")),
    Picture("dispatch", "chenjie", "/", "desk", keys=("d",), then="[data-testid^=dispatch-offer-]"),
    Picture(
        "devices",
        "devadmin",
        "/devices",
        "register-search",
        then="[data-testid^=device-]",
        lang="en",
        width=1440,
        height=900,
    ),
    Picture("accounts", "leader", "/admin", "accounts"),
)


def main() -> None:
    """Take the pictures that are named, or all."""
    asyncio.run(_take(set(sys.argv[1:])))


async def _take(only: set[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with _demo(Path(folder)) as address, chromium(whole=True) as browser:
            await asyncio.sleep(STORY_S)
            for picture in PICTURES:
                if not only or picture.name in only:
                    size = await _shoot(browser, address, picture)
                    typer.echo(f"docs/images/{picture.name}.png  {size / 1000:.0f} kB")


@asynccontextmanager
async def _demo(folder: Path) -> AsyncIterator[str]:
    port = free_port()
    environment = os.environ | {
        "ZHISHOU_PORT": str(port),
        "ZHISHOU_JT808_PORT": str(free_port()),
        "ZHISHOU_DATA": str(folder),
    }
    command = Path(sys.executable).with_name("zhishou")
    log = (folder / "demo.log").open("wb")
    demo = await asyncio.create_subprocess_exec(
        command, "demo", cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        await _healthy(address)
        yield address
    finally:
        demo.send_signal(signal.SIGINT)
        await demo.wait()
        log.close()


async def _healthy(address: str) -> None:
    began = time.monotonic()
    async with httpx.AsyncClient() as client:
        while time.monotonic() - began < DEMO_WITHIN_S:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(f"{address}/api/health")).status_code == 200:
                    return
            await asyncio.sleep(1)
    raise TimeoutError(f"the demo was not healthy within {DEMO_WITHIN_S} s")


async def _shoot(browser: Browser, address: str, picture: Picture) -> int:
    async with page_of(browser, address, width=picture.width, height=picture.height) as page:
        await page.add_init_script(
            f"localStorage.setItem('zhishou.theme', '{picture.theme}');"
            f"localStorage.setItem('zhishou.lang', '{picture.lang}')"
        )
        await log_in(page, address, picture.account, picture.path)
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await page.get_by_test_id(picture.ready).first.wait_for()
        await page.wait_for_load_state("networkidle")  # every panel has read what it shows
        for key in picture.keys:
            await page.keyboard.press(key)
            await page.wait_for_load_state("networkidle")
        await page.locator(picture.then).first.wait_for()
        return await _write(page, FOLDER / f"{picture.name}.png")


def _few(image: Image.Image) -> Image.Image:
    """Few colours: the greys as they stand there, and the rare amber and orange that mean something."""
    often = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    rare = image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    palette = Image.new("P", (1, 1))
    palette.putpalette(
        [*(often.getpalette() or [])[: COLOURS * 3], *(rare.getpalette() or [])[: COLOURS * 3]]
    )
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


async def _write(page: Page, path: Path) -> int:
    """Write the page as a small PNG: few colours are enough for a screen of greys."""
    image = Image.open(BytesIO(await page.screenshot())).convert("RGB")
    small = BytesIO()
    _few(image).save(small, "PNG", optimize=True)
    assert len(small.getvalue()) <= LARGEST_BYTES, f"{path.name} is larger than {LARGEST_BYTES} bytes"
    await asyncio.to_thread(path.write_bytes, small.getvalue())
    return len(small.getvalue())


if __name__ == "__main__":
    main()
