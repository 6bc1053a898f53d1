"""What went wrong on the way to a peer, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping

MOST = 300


class Trouble(Exception):
    """Why a packet has no receipt. `detail` is what the other side said; it holds no secret of ours."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail[:MOST]

    @property
    def final(self) -> bool:
        """Whether trying the same again will not help: a person must put something right."""
        return self.code in _FINAL


_FINAL = frozenset({"refused", "cannot_write", "not_sent", "peer_retired", "expired"})
_WORDS: Mapping[str, tuple[str, str]] = {
    "silent": ("20 秒内没有回执,平台按故障处理", "no receipt within 20 s: the peer counts as failed"),
    "hung_up": ("对方未答复即断开", "the peer hung up without an answer"),
    "unreachable": ("连不上对方平台", "the peer cannot be reached"),
    "broken_answer": ("对方回执无法识别", "the peer's receipt cannot be read"),
    "wrong_receipt": ("回执对应的不是所发的包", "the receipt is not for what was sent"),
    "unsigned_receipt": ("回执没有有效签名,不能作数", "the receipt is not signed by the peer"),
    "http": ("对方返回的不是 HTTP 200", "the peer did not answer HTTP 200"),
    "tls": ("对方 TLS 证书不被信任", "the peer's TLS certificate is not trusted"),
    "refused": ("对方拒收", "the peer refused it"),
    "no_key": (
        "本机没有该签名密钥,请在 ZHISHOU_BROADCAST_KEYS_FILE 中补上",
        "this machine has no such signing key: add it to ZHISHOU_BROADCAST_KEYS_FILE",
    ),
    "cannot_write": ("消息不符合规范,未发送", "the message would not be valid: not sent"),
    "not_sent": ("按规则不得发送", "it may not be sent"),
    "peer_retired": ("对接平台已停用", "the peer was retired"),
    "expired": ("未能在有效时间内送达", "it could not be delivered in time"),
    "internal": ("本机处理出错,稍后重试", "an error on this side: it will be tried again"),
}


def trouble_words(code: str, detail: str) -> tuple[str, str]:
    """Return a trouble in Chinese and English, "" and "" for none."""
    if not code:
        return "", ""
    zh, en = _WORDS.get(code, (code, code))
    return (f"{zh}：{detail}", f"{en}: {detail}") if detail else (zh, en)
