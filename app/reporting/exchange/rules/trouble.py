"""What went wrong on the way, in words for the desk. Pure."""

from __future__ import annotations

from collections.abc import Mapping

MOST = 300


class Trouble(Exception):
    """Why something did not arrive. `detail` is what the other side said; it holds no secret of ours."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail

    @property
    def refused(self) -> bool:
        """Whether a person has to do something: trying again alone will not help."""
        return self.code not in _PASSES


_PASSES = frozenset({"unreachable", "silent", "broken_answer", "busy", "mail_unreachable", "internal"})
_WORDS: Mapping[str, tuple[str, str]] = {
    "unreachable": ("连不上对方系统", "the peer's system cannot be reached"),
    "silent": ("对方系统没有应答", "the peer's system does not answer"),
    "broken_answer": ("对方应答无法识别", "the peer's answer cannot be read"),
    "busy": ("对方系统暂时不能接收", "the peer's system cannot take it just now"),
    "tls": (
        "对方证书不被信任,请核对地址和 ZHISHOU_EXCHANGE_CA",
        "the peer's certificate is not trusted: check the address and ZHISHOU_EXCHANGE_CA",
    ),
    "redirected": (
        "对方要求转到别的地址,未予跟随,请核对登记的地址",
        "the peer redirects elsewhere, which is not followed: check the registered address",
    ),
    "unsigned_receipt": (
        "回执没有有效签名,不能作数,请核对双方密钥",
        "the receipt is not signed by the peer: compare the keys on both sides",
    ),
    "wrong_receipt": ("回执与所送内容不符", "the receipt is not for what was sent"),
    "refused": ("对方拒收", "the peer refuses it"),
    "no_key": (
        "本机没有该对接单位的密钥,请在密钥文件中补上",
        "this machine has no secret under the peer's key: add it to the file of keys",
    ),
    "peer_retired": ("对接单位已停用", "the peer was retired"),
    "mail_off": (
        "未设置发信服务器(ZHISHOU_MAIL_HOST)",
        "no mail server is set (ZHISHOU_MAIL_HOST)",
    ),
    "mail_unreachable": ("连不上发信服务器", "the mail server cannot be reached"),
    "mail_login": ("发信服务器不接受账号或密码", "the mail server refuses the login"),
    "mail_refused": ("发信服务器拒收", "the mail server refuses it"),
    "too_large": ("报告过大,无法送出", "the report is too large to be sent"),
    "internal": ("本机处理出错,稍后重试", "an error on this side: it will be tried again"),
    "given_up": ("一周未能送达,已停止重试", "not delivered within a week: no more tries"),
}


def trouble_words(code: str, detail: str) -> tuple[str, str]:
    """Return a trouble in Chinese and English, "" and "" for none."""
    if not code:
        return "", ""
    zh, en = _WORDS.get(code, (code, code))
    detail = detail[:MOST]
    return (f"{zh}：{detail}", f"{en}: {detail}") if detail else (zh, en)
