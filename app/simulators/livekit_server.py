"""A small LiveKit for tests: signalling (protobuf over WebSocket), RoomService, media passed on by aiortc.

It runs as a process of its own in the environment of `deploy/video.sh` and imports nothing of the house:
`python livekit_server.py --port 7880 --key K --secret S`. Passes are verified by LiveKit's own library. It
listens on the loopback only. Lacking: simulcast, adaptive streams, reconnects, data, recordings, many nodes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay
from livekit import api
from livekit.protocol import models, rtc

LOOPBACK = "127.0.0.1"
ROOM_SERVICE = "/twirp/livekit.RoomService/"


class Seat:
    """One participant: his socket, what he sends (`up`), what he is sent (`down`)."""

    def __init__(self, room: Room, identity: str, name: str, socket: web.WebSocketResponse) -> None:
        self.room, self.identity, self.socket = room, identity, socket
        self.info = models.ParticipantInfo(
            sid=f"PA_{secrets.token_hex(6)}",
            identity=identity,
            name=name,
            state=models.ParticipantInfo.ACTIVE,
            permission=models.ParticipantPermission(can_publish=True, can_subscribe=True),
        )
        self.up, self.down = RTCPeerConnection(), RTCPeerConnection()
        self.sent: dict[str, Any] = {}  # sid of a track: the track
        self.announced: dict[str, tuple[str, str]] = {}  # cid: (kind, sid)
        self._passed_on: set[str] = set()
        self._answered = asyncio.Event()
        self._offering = asyncio.Lock()
        self.up.on("track", self._came)

    async def tell(self, **what: Any) -> None:
        """Send one SignalResponse."""
        if not self.socket.closed:
            await self.socket.send_bytes(rtc.SignalResponse(**what).SerializeToString())

    async def hear(self, asked: Any) -> None:
        """Do what one SignalRequest asks."""
        what = asked.WhichOneof("message")
        if what == "offer":
            await self.up.setRemoteDescription(RTCSessionDescription(asked.offer.sdp, "offer"))
            await self.up.setLocalDescription(await self.up.createAnswer())
            sdp = self.up.localDescription.sdp
            await self.tell(answer=rtc.SessionDescription(type="answer", sdp=sdp, id=asked.offer.id))
        elif what == "answer":
            await self.down.setRemoteDescription(RTCSessionDescription(asked.answer.sdp, "answer"))
            self._answered.set()
        elif what == "add_track":
            told = asked.add_track
            track = models.TrackInfo(
                sid=f"TR_{secrets.token_hex(6)}", type=told.type, name=told.name, source=told.source
            )
            self.info.tracks.append(track)
            self.announced[told.cid] = ("audio" if told.type == models.AUDIO else "video", track.sid)
            await self.tell(track_published=rtc.TrackPublishedResponse(cid=told.cid, track=track))
            await self.room.say_of(self)

    def _came(self, track: Any) -> None:
        sid = self.announced.get(track.id, ("", ""))[1]
        if not sid:
            waiting = (sid for kind, sid in self.announced.values() if kind == track.kind)
            sid = next(one for one in waiting if one not in self.sent)
        self.sent[sid] = track
        self.room.spread()

    async def receive_all(self) -> None:
        """Offer what others send and this one was not offered yet."""
        async with self._offering:
            fresh = [
                (other, sid, track)
                for other in self.room.seats.values()
                for sid, track in other.sent.items()
                if other is not self and sid not in self._passed_on
            ]
            if not fresh:
                return
            for other, sid, track in fresh:
                self._passed_on.add(sid)
                sender = self.down.addTrack(self.room.relay.subscribe(track))
                sender._stream_id = f"{other.info.sid}|{sid}"  # noqa: SLF001  by which the client knows whose it is
            self._answered.clear()
            await self.down.setLocalDescription(await self.down.createOffer())
            await self.tell(offer=rtc.SessionDescription(type="offer", sdp=self.down.localDescription.sdp))
            await self._answered.wait()

    async def rise(self) -> None:
        """End both connections and the socket."""
        await asyncio.gather(self.up.close(), self.down.close())
        await self.socket.close()


class Room:
    """Who is in a room."""

    def __init__(self, name: str) -> None:
        self.name, self.relay = name, MediaRelay()
        self.seats: dict[str, Seat] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def spread(self) -> None:
        """Let everybody be offered what is new."""
        for seat in self.seats.values():
            task = asyncio.create_task(seat.receive_all())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def say_of(self, seat: Seat) -> None:
        """Tell the others how a participant stands."""
        told = rtc.ParticipantUpdate(participants=[seat.info])
        for other in list(self.seats.values()):
            if other is not seat:
                await other.tell(update=told)


class LiveKitServer:
    """Rooms, and who may ask what."""

    def __init__(self, key: str, secret: str) -> None:
        self._passes = api.TokenVerifier(key, secret)
        self.rooms: dict[str, Room] = {}
        self.log: list[dict[str, Any]] = []

    def app(self) -> web.Application:
        """Return what is served."""
        found = web.Application()
        found.router.add_get("/rtc", self._seat)
        found.router.add_get("/rtc/validate", self._validate)
        found.router.add_post(ROOM_SERVICE + "{do}", self._serve_rooms)
        found.router.add_get("/log", self._tell_log)
        return found

    def _claims(self, token: str) -> Any:
        try:
            return self._passes.verify(token)
        except Exception as error:  # noqa: BLE001  whatever its library finds wrong with it
            raise web.HTTPUnauthorized(text=str(error)) from None

    async def _validate(self, request: web.Request) -> web.Response:
        self._claims(request.query.get("access_token", ""))
        return web.Response(text="success", headers={"Access-Control-Allow-Origin": "*"})

    async def _seat(self, request: web.Request) -> web.WebSocketResponse:
        claims = self._claims(request.query.get("access_token", ""))
        if not claims.video.room_join:
            raise web.HTTPForbidden
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        name = claims.video.room
        room = self.rooms.setdefault(name, Room(name))
        if (old := room.seats.pop(claims.identity, None)) is not None:
            await old.rise()
        seat = Seat(room, claims.identity, claims.name, socket)
        others = [other.info for other in room.seats.values()]
        room.seats[claims.identity] = seat
        self.log.append({"joined": claims.identity, "name": claims.name, "room": name})
        await seat.tell(
            join=rtc.JoinResponse(
                room=models.Room(sid=f"RM_{name}", name=name),
                participant=seat.info,
                other_participants=others,
                server_version="1.9.0",
                subscriber_primary=False,
                server_info=models.ServerInfo(version="1.9.0", protocol=15),
            )
        )
        await room.say_of(seat)
        room.spread()
        async for message in socket:
            if message.type != WSMsgType.BINARY:
                continue
            asked = rtc.SignalRequest.FromString(message.data)
            if asked.WhichOneof("message") == "leave":
                break
            await seat.hear(asked)
        if room.seats.get(claims.identity) is seat:
            del room.seats[claims.identity]
        seat.info.state = models.ParticipantInfo.DISCONNECTED
        await room.say_of(seat)
        await seat.rise()
        return socket

    async def _serve_rooms(self, request: web.Request) -> web.Response:
        grants = self._claims(request.headers.get("Authorization", "").removeprefix("Bearer ")).video
        do, told = request.match_info["do"], await request.json()
        allowed = {"ListRooms": grants.room_list, "DeleteRoom": grants.room_create}
        mine = grants.room_admin and grants.room == told.get("room")
        if not allowed.get(do, mine):
            raise web.HTTPForbidden
        self.log.append({"asked": do, **told})
        if do == "ListRooms":
            rooms = [{"name": one.name, "num_participants": len(one.seats)} for one in self.rooms.values()]
            return web.json_response({"rooms": rooms})
        room = self.rooms.get(told["room"])
        if room is None:
            return web.json_response({"code": "not_found"}, status=404)
        gone = list(room.seats.values())
        if do == "RemoveParticipant":
            gone = [one for one in gone if one.identity == told["identity"]]
        else:
            del self.rooms[room.name]
        for seat in gone:
            await seat.tell(leave=rtc.LeaveRequest(reason=models.ROOM_DELETED))
            await seat.rise()
        return web.json_response({})

    async def _tell_log(self, request: web.Request) -> web.Response:
        """Return what happened; LiveKit has no such address."""
        return web.json_response(self.log)


async def serve(port: int, key: str, secret: str) -> None:
    """Listen until cancelled; say where on the first line of output."""
    runner = web.AppRunner(LiveKitServer(key, secret).app())
    await runner.setup()
    site = web.TCPSite(runner, LOOPBACK, port)
    await site.start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)  # noqa: T201  for who started us
    await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted."""
    import aioice.ice

    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [LOOPBACK] if use_ipv4 else []
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--port", type=int, default=7880)
    wanted.add_argument("--key", required=True)
    wanted.add_argument("--secret", required=True)
    told = wanted.parse_args()
    asyncio.run(serve(told.port, told.key, told.secret))


if __name__ == "__main__":
    main()
