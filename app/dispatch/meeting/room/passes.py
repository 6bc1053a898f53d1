"""Passes into LiveKit: JWT signed with the secret that it shares with us (HS256). Pure.

Claims as its documents have them (https://docs.livekit.io/home/get-started/authentication): `iss` the key,
`sub` the identity, `video` what may be done.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

ENTER_WITHIN = timedelta(minutes=2)
"""To enter; who is in is handed further passes by LiveKit itself."""
ASK_WITHIN = timedelta(seconds=30)
SKEW = timedelta(seconds=60)
"""By so much its clock may be behind ours."""


def pass_of(key: str, secret: str, room: str, identity: str, name: str, now: datetime) -> str:
    """Return a pass for one seat of one room: to send, to see, to hear, and nothing else."""
    video = {
        "roomJoin": True,
        "room": room,
        "canPublish": True,
        "canSubscribe": True,
        "canPublishData": False,
        "canPublishSources": ["camera", "microphone"],
    }
    return _signed(key, secret, {"sub": identity, "name": name, "video": video}, now, ENTER_WITHIN)


def own_pass(key: str, secret: str, now: datetime, room: str = "") -> str:
    """Return the pass by which the house itself asks: which rooms there are, that one ends."""
    video = {"roomList": True, "roomCreate": True, **({"roomAdmin": True, "room": room} if room else {})}
    return _signed(key, secret, {"video": video}, now, ASK_WITHIN)


def _signed(key: str, secret: str, told: dict[str, Any], now: datetime, within: timedelta) -> str:
    # Imported late: few houses have a LiveKit.
    from joserfc import jwt
    from joserfc.jwk import OctKey

    times = {"nbf": int((now - SKEW).timestamp()), "exp": int((now + within).timestamp())}
    claims = {"iss": key, **times, **told}
    return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(secret))
