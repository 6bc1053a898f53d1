"""Where the console has pages of its own: a reload there is answered with the console itself."""

CONSOLE_PATHS = (
    "/login",
    "/i/{_:path}",
    "/devices",
    "/devices/{_:path}",
    "/duty",
    "/duty/{_:path}",
    "/readiness",
    "/readiness/{_:path}",
    "/spot-checks",
    "/spot-checks/{_:path}",
    "/status-calls",
    "/status-calls/{_:path}",
    "/orders",
    "/orders/{_:path}",
    "/people",
    "/people/{_:path}",
    "/handover",
    "/log",
    "/reactions",
)
