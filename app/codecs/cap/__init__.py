"""CAP 1.2 (OASIS Common Alerting Protocol, urn:oasis:names:tc:emergency:cap:1.2): read, judge, write, follow.

`read` is the door for bytes, `write` the way out, `chain.standing` says which of many alerts still stand.
"""

from app.codecs.cap.alert import Alert
from app.codecs.cap.read import read
from app.codecs.cap.write import write

__all__ = ["Alert", "read", "write"]
