"""A small media server for tests and the demo: MediaMTX's API, WHEP and HLS, with a picture it draws itself.

It runs as a process of its own in an environment of its own (`deploy/video.sh`), which has aiortc, PyAV and
Pillow: `python media_server.py --port 9997 --paths tower/t001,tower/t002`. It listens on the loopback only
and imports nothing of the house. A path among `--paths` is ready; any other may be added, but nobody sends to
it, as with a camera that is switched off. With `--no-way` its answers to WHEP name no address: like a network
that lets no UDP through.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import math
import re
import secrets
import tempfile
import threading
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"
WIDTH, HEIGHT, FRAMES_PER_S = 640, 360, 12
_CLOCK_HZ = 90_000
CODEC = "avc1.42c01e"  # H.264, constrained baseline
SESSION = secrets.token_hex(16)  # of whoever asks for pieces
_WHEP = re.compile(r"/(?P<path>[A-Za-z0-9_/-]+)/whep(/(?P<session>[A-Za-z0-9_-]+))?\Z")
_CONFIG = re.compile(r"/v3/config/paths/(?P<do>add|patch)/(?P<path>[A-Za-z0-9_/-]+)\Z")
_FILE = re.compile(r"/(?P<path>[A-Za-z0-9_/-]+)/(?P<file>[A-Za-z0-9_]+\.(m3u8|mp4|m4s))\Z")
_CANDIDATE = re.compile(r"(?m)^a=candidate:.*\r?\n")
_REASON = {
    302: "Found",
    401: "Unauthorized",
    200: "OK",
    201: "Created",
    204: "No Content",
    400: "Bad Request",
    404: "Not Found",
    405: "No",
}


def picture(name: str, seconds: float) -> Any:
    """Draw hills, smoke that drifts, the camera's name and a running clock."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (WIDTH, HEIGHT), (150, 182, 205))
    draw = ImageDraw.Draw(image)
    for ridge, colour in ((0.55, (96, 122, 112)), (0.68, (62, 92, 66)), (0.82, (38, 62, 40))):
        rim = [
            (x, HEIGHT * ridge + 26 * math.sin(x / (60 + 90 * ridge) + ridge * 9))
            for x in range(0, WIDTH + 8, 8)
        ]
        draw.polygon([*rim, (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)
    for puff in range(9):
        age = (seconds * 0.35 + puff / 9) % 1
        x, y, r = 400 + 130 * age + 8 * math.sin(seconds + puff), 225 - 150 * age, 7 + 30 * age
        grey = int(118 + 70 * age)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(grey, grey, grey))
    told = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime()) + f".{int(time.time() * 10) % 10}"
    font = ImageFont.load_default(22)
    for words, y in ((told, 8), (f"{name}  TEST PICTURE", HEIGHT - 34)):
        draw.text((12, y), words, font=font, fill="white", stroke_width=2, stroke_fill="black")
    draw.rectangle((12, 38, 12 + int(seconds * 40) % 200, 46), fill=(235, 170, 30))
    return image


def _track(name: str) -> Any:
    from aiortc.mediastreams import MediaStreamTrack
    from av import VideoFrame

    class Drawn(MediaStreamTrack):  # type: ignore[misc,unused-ignore]
        """The picture, twelve times a second."""

        kind = "video"

        def __init__(self) -> None:
            super().__init__()
            self._began, self._sent = time.monotonic(), 0

        async def recv(self) -> Any:
            due = self._began + self._sent / FRAMES_PER_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            drawn = await asyncio.to_thread(picture, name, self._sent / FRAMES_PER_S)
            frame = VideoFrame.from_image(drawn)
            frame.pts = self._sent * _CLOCK_HZ // FRAMES_PER_S
            frame.time_base = Fraction(1, _CLOCK_HZ)
            self._sent += 1
            return frame

    return Drawn()


class Pieces:
    """The picture as pieces of HLS (H.264 in fMP4), written by a thread of its own for as long as we run."""

    def __init__(self, path: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="hls-"))
        threading.Thread(target=self._write, args=(path,), daemon=True).start()

    async def read(self, name: str) -> bytes | None:
        """Return a file, one that is just begun after a while; None if there is none."""
        file = self._folder / name
        for _ in range(40):
            if file.exists():
                said = file.read_bytes()
                return (
                    re.sub(rb"(?m)^(\w+\.m4s)|(?<=URI=\")(\w+\.mp4)", _with_session, said)
                    if name.endswith("8")
                    else said
                )
            await asyncio.sleep(0.1)
        return None

    def _write(self, path: str) -> None:
        import av

        told = {
            "hls_time": "1",
            "hls_list_size": "5",
            "hls_segment_type": "fmp4",
            "hls_flags": "delete_segments+temp_file",
        }
        named = {
            "hls_segment_filename": str(self._folder / "piece%d.m4s"),
            "hls_fmp4_init_filename": "init.mp4",
        }
        with av.open(str(self._folder / "stream.m3u8"), "w", format="hls", options={**told, **named}) as out:
            fast = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline"}
            stream: Any = out.add_stream("libx264", rate=FRAMES_PER_S, options=fast)
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            stream.gop_size = FRAMES_PER_S
            began, sent = time.monotonic(), 0
            while True:
                time.sleep(max(0.0, began + sent / FRAMES_PER_S - time.monotonic()))
                drawn = picture(path, sent / FRAMES_PER_S)
                frame = av.VideoFrame.from_image(drawn).reformat(format="yuv420p")
                frame.pts, frame.time_base = sent, Fraction(1, FRAMES_PER_S)
                for packet in stream.encode(frame):
                    out.mux(packet)
                sent += 1


def _with_session(found: re.Match[bytes]) -> bytes:
    return found[0] + f"?session={SESSION}".encode()


class MediaServer:
    """Paths, their configuration, and the sessions that play."""

    def __init__(self, ready: frozenset[str], *, no_way: bool = False) -> None:
        self.ready, self.no_way = ready, no_way
        self.pieces: dict[str, Pieces] = {}
        self.added: dict[str, Any] = {}
        self.sessions: dict[str, Any] = {}

    async def serve(self, port: int) -> None:
        """Listen until cancelled; say where on the first line of output."""
        server = await asyncio.start_server(self._serve, LOOPBACK, port)
        print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)  # noqa: T201  for who started us
        async with server:
            await server.serve_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = re.search(r"(?im)^content-length: *(\d+)", head)
            body = await reader.readexactly(int(length[1])) if length else b""
            method, target, _ = head.split("\r\n", 1)[0].split(" ")
            status, headers, said = await self._answer(method, *target.partition("?")[::2], body)
            told = {"Content-Length": str(len(said)), "Connection": "close", **headers}
            lines = [f"HTTP/1.1 {status} {_REASON[status]}", *(f"{k}: {v}" for k, v in told.items()), "", ""]
            writer.write("\r\n".join(lines).encode("latin-1") + said)
            await writer.drain()
        writer.close()

    async def _answer(
        self, method: str, path: str, query: str, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        if (method, path) == ("GET", "/v3/paths/list"):
            names = sorted(self.ready | self.added.keys())
            items = [{"name": name, "ready": name in self.ready} for name in names]
            told = {"itemCount": len(items), "pageCount": 1, "items": items}
            return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()
        if config := _CONFIG.match(path):
            return self._configure(config["do"], config["path"], body), {}, b""
        if whep := _WHEP.match(path):
            return await self._whep(method, whep["path"], whep["session"], body)
        if method == "GET" and (file := _FILE.match(path)):
            return await self._file(file["path"], file["file"], query)
        return 404, {}, b""

    def _configure(self, do: str, path: str, body: bytes) -> int:
        there = path in self.added
        if there == (do == "add"):
            return 400 if there else 404
        self.added[path] = json.loads(body)
        return 200

    async def _whep(
        self, method: str, path: str, session: str | None, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        if method == "POST" and session is None:
            if path not in self.ready:
                return 404, {}, b"no stream is available on path"
            return await self._play(path, body)
        running = self.sessions.get(session or "")
        if running is None:
            return 404, {}, b""
        if method == "DELETE":
            del self.sessions[session or ""]
            await running.close()
            return 200, {}, b""
        return (204, {}, b"") if method == "PATCH" else (405, {}, b"")

    async def _file(self, path: str, name: str, query: str) -> tuple[int, dict[str, str], bytes]:
        """Like MediaMTX: whoever does not say that cookies were looked at is sent round once more."""
        if path not in self.ready:
            return 404, {}, b""
        if name == "index.m3u8":
            if "cookieCheck=1" not in query:
                return 302, {"Location": f"/{path}/{name}?cookieCheck=1"}, b""
            self.pieces.setdefault(path, Pieces(path))
            stream = f'#EXT-X-STREAM-INF:BANDWIDTH=800000,CODECS="{CODEC}",RESOLUTION={WIDTH}x{HEIGHT}'
            lines = ("#EXTM3U", "#EXT-X-VERSION:7", stream, f"stream.m3u8?session={SESSION}", "")
            return 200, {}, "\n".join(lines).encode()
        if f"session={SESSION}" not in query or path not in self.pieces:
            return 401, {}, b""
        content = await self.pieces[path].read(name)
        return (404, {}, b"") if content is None else (200, {}, content)

    async def _play(self, path: str, offer: bytes) -> tuple[int, dict[str, str], bytes]:
        from aiortc import RTCPeerConnection, RTCSessionDescription

        connection = RTCPeerConnection()
        try:
            await connection.setRemoteDescription(RTCSessionDescription(offer.decode(), "offer"))
            connection.addTrack(_track(path))
            await connection.setLocalDescription(await connection.createAnswer())
        except (ValueError, UnicodeDecodeError, KeyError, IndexError):
            await connection.close()
            return 400, {}, b"bad offer"
        session = secrets.token_hex(16)
        self.sessions[session] = connection

        @connection.on("connectionstatechange")  # type: ignore[untyped-decorator,unused-ignore]
        async def changed() -> None:
            if connection.connectionState in ("failed", "closed"):
                self.sessions.pop(session, None)
                await connection.close()

        headers = {"Content-Type": "application/sdp", "Location": f"/{path}/whep/{session}"}
        sdp = connection.localDescription.sdp
        return 201, headers, (_CANDIDATE.sub("", sdp) if self.no_way else sdp).encode()


def _on_the_loopback() -> None:
    """Let ICE offer the loopback and nothing else."""
    import aioice.ice

    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [LOOPBACK] if use_ipv4 else []


def main() -> None:
    """Serve until interrupted."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--port", type=int, default=9997)
    wanted.add_argument("--paths", default="")
    wanted.add_argument("--no-way", action="store_true")
    told = wanted.parse_args()
    _on_the_loopback()
    ready = frozenset(filter(None, told.paths.split(",")))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(MediaServer(ready, no_way=told.no_way).serve(told.port))


if __name__ == "__main__":
    main()
