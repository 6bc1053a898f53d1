"""Ask the node of this machine whether it is ready: exit status 0 or 1, for health checks of containers.

Runs as a file, without importing the program: it is asked every few seconds.
"""

from __future__ import annotations

import http.client
import os


def main() -> int:
    """Return 0 when `/api/ready` answers 200."""
    line = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("ZHISHOU_PORT", "8000")), timeout=3)
    try:
        line.request("GET", "/api/ready")
        return int(line.getresponse().status != http.client.OK)
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        line.close()


if __name__ == "__main__":
    raise SystemExit(main())
