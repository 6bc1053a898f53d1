"""Why somebody is not let in."""

from __future__ import annotations

from datetime import timedelta

from app.refusals import Refusal


class BadCredentials(Refusal):
    """Wrong name or password; which of the two is not told."""

    code = "bad_credentials"

    def __init__(self) -> None:
        super().__init__("用户名或密码错误", "wrong user name or password")


class TooManyAttempts(Refusal):
    """Guessing is slowed down."""

    code = "too_many_attempts"

    def __init__(self, wait: timedelta) -> None:
        self.retry_after_s = max(1, int(wait.total_seconds()))
        super().__init__(
            f"登录失败次数过多,请 {self.retry_after_s} 秒后再试",
            f"too many failed logins: try again in {self.retry_after_s} s",
        )
