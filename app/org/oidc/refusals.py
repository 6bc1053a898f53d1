"""Why a login by the provider does not come about."""

from __future__ import annotations

from app.refusals import Refusal


class SsoAway(Refusal):
    """The provider does not answer, or not as one."""

    code = "sso_away"

    def __init__(self) -> None:
        super().__init__(
            "统一身份认证平台没有正常响应,请改用用户名和密码登录,或稍后再试",
            "the identity provider does not answer: log in by name and password, or try again later",
        )


class SsoRefused(Refusal):
    """What came back proves nothing; why, only the log says."""

    code = "sso_refused"

    def __init__(self) -> None:
        super().__init__(
            "统一身份认证未通过核验,请重新登录;再次出现请联系管理员",
            "the proof of the identity provider does not hold: log in again; if it returns, call the "
            "administrator",
        )


class SsoSpent(Refusal):
    """The login was not begun in this browser, is over, or was used."""

    code = "sso_spent"

    def __init__(self) -> None:
        super().__init__(
            "这次统一身份认证登录已失效,请返回登录页重新开始",
            "this login is over or was begun elsewhere: go back to the login page and begin anew",
        )


class SsoUnknown(Refusal):
    """The provider vouches for somebody who has no account here."""

    code = "sso_unknown"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"统一身份认证用户 {name} 在本系统没有可用账号,请联系账号管理员",
            f"the provider's user {name} has no account here: ask who keeps the accounts",
        )
