"""The events of calendar addresses: who opened a door to a roster, and when it was shut."""

from __future__ import annotations

from typing import Literal

from app.duty.feeds.facts import FeedFact
from app.wire import Fact


class FeedChanged(Fact):
    """A calendar address was made or revoked; its secret is never told. For auditors."""

    type: Literal["feed.made", "feed.revoked"]
    feed: FeedFact
