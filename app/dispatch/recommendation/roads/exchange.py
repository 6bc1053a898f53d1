"""One request to the configured road service: its answer, or what is wrong with it."""

from __future__ import annotations

from app.dispatch.recommendation.roads.dialects import Nonsense, Question
from app.outward.address import Address
from app.outward.call import Asked, Garbled, call

MOST_BYTES = 256 * 1024  # sixteen durations need one; the head of the answer counts as well


class Refused(Exception):
    """The service answered with another status than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


async def exchange(address: Address, asked: Question) -> bytes:
    """Ask and return the body of the answer. The caller bounds the time.

    Raises OSError (nobody there, hung up), Refused (another status than 200), Nonsense (no HTTP, too long).
    """
    try:
        answer = await call(address, Asked(asked.method, asked.path, asked.body), MOST_BYTES)
    except Garbled as error:
        raise Nonsense(str(error)) from error
    if answer.status != 200:
        raise Refused(answer.status)
    return answer.body
