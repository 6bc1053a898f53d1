"""The certificates of the trial CA, whose private key is public: for samples, tests and simulators.

A signature under them proves that bytes are whole and nothing about who sent them. They are never trusted by
a running centre; constructed for this project, CC0 (tests/vectors/ebm_signature_vectors.json).
"""

from __future__ import annotations

from functools import cache

from app.codecs.ebm.certificate import Trust, trusted

CA = bytes.fromhex(
    "000000000000010000000000011f0c8ce6626755e2b8506b01aff17ea58531dd5b91157907b70684046a709198dc467c0c06"
    "14d330fb27f21d2561199ad53e312250090d113c09a9aa0614efee156d80cf2bb8d9ab8d0f354683cafc7669ef6001723ab1"
    "2a3f8f9f34aae4bd99f6fcfd6fd6d209443568e294c4835aefa042887dd2d013ff87491d4849063c51e611"
)
PLATFORM = bytes.fromhex(
    "000000000000010000000f00011f0c943631fe43c92b7ed76304ad2733a1b34a45bfda8813ab66f43cc91c2b854b9460ff3d"
    "0ffccc2f70beb90de1105d8d80512f3ded16fded331830fb251ba4241ad1e797e034dfb6e5dc34965871b4018cf074f5466a"
    "69ba4e33fa3948fe71cc11487a8ced7d4f7c203acd3253d0d599a72a419fa2f93a38f45d1ddf024e8594d9"
)


@cache
def trial_trust() -> Trust:
    """Trust the trial CA and the platform it signed, and mark what they prove as a trial."""
    return Trust(trusted([CA], [PLATFORM]).certificates, trial=True)
