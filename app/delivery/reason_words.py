"""Why a message did not arrive, in words: the codes of drivers, modems and terminals."""

from __future__ import annotations

import re
from collections.abc import Mapping

REASONS: Mapping[str, tuple[str, str]] = {
    "too_late": ("已过时限", "too late"),
    "no_feedback": ("设备无反馈", "no feedback from the device"),
    "answered": ("已有答复", "answered already"),
    "superseded": ("已由新消息取代", "superseded"),
    "drill_outside": ("演练消息不发往外部", "a drill's message does not leave the house"),
    "maintenance": ("检修中", "in maintenance"),
    "not_sendable": ("内容或号码无法发送", "cannot be sent: content or number"),
    "link_lost": ("链路中断", "link lost"),
    "phone_restarted": ("话机重启", "phone restarted"),
    "no_such_number": ("号码不存在", "no such number"),
    "barred": ("业务被限制", "barred"),
    "rejected": ("对方拒收", "rejected"),
    "not_subscribed": ("未开通业务", "not subscribed"),
    "network_failure": ("网络故障", "network failure"),
    "congestion": ("网络拥塞", "congestion"),
    "no_sim": ("无卡", "no SIM"),
    "no_network": ("无网络", "no network"),
    "network_timeout": ("网络超时", "network timeout"),
    "still_trying": ("网络仍在尝试", "still trying"),
    "not_confirmed": ("未确认", "not confirmed"),
    "procedure_error": ("短信中心流程错误", "procedure error"),
    "incompatible": ("对方终端不兼容", "incompatible destination"),
    "not_obtainable": ("对方无法接通", "not obtainable"),
    "no_service_quality": ("服务质量不足", "quality of service not available"),
    "no_interworking": ("网间不通", "no interworking"),
    "validity_expired": ("短信有效期已过", "validity expired"),
    "deleted": ("已被短信中心删除", "deleted by the service centre"),
    "no_such_message": ("短信中心无此消息", "no such message"),
    "failed": ("发送失败", "failed"),
    "timeout": ("超时", "timeout"),
    "unsupported": ("设备不支持", "not supported"),
    "expired": ("已过时限", "expired"),
    "duplicate": ("重复指令", "duplicate"),
    "ok": ("已受理", "ok"),
    "bad_message": ("消息有误", "bad message"),
    "parameters": ("参数有误", "wrong parameters"),
    "busy": ("设备忙", "busy"),
    "receive_only": ("设备只收不发", "receive only"),
    "low_battery": ("电量低", "low battery"),
    "not_tuned": ("频点不对", "not tuned"),
    "no_answer": ("对方无应答", "no answer"),
    "not_woken": ("设备未唤醒", "not woken"),
    "no_contact": ("联系不上", "no contact"),
    "not_allowed": ("不允许", "not allowed"),
    "interrupted": ("被打断", "interrupted"),
    "not_taken": ("链路未接收", "not taken by the link"),
    "no_ack": ("未收到回执", "no acknowledgement"),
    "suppressed": ("被抑制", "suppressed"),
    "silent": ("无线电静默", "radio silence"),
    "too_soon": ("发送频度未到", "too soon after the last one"),
    "not_locked": ("卫星信号未锁定", "no lock on the satellite"),
    "no_card": ("无卡", "no card"),
    "not_permitted": ("无权限", "not permitted"),
    "checksum_mismatch": ("校验错误", "checksum error"),
    "wrong_size": ("长度不符", "wrong length"),
    "checksum": ("校验错误", "checksum error"),
    "crypto": ("加密错误", "encryption error"),
    "modem_busy": ("终端忙", "the modem is busy"),
    "try_later": ("网络要求稍后再试", "the network asks to try later"),
}
_CODE = re.compile(r"(?:error|result|reason|status|flag|cause)_([0-9A-Za-z]+)")


def reason_words(reason: str) -> tuple[str, str]:
    """Return the reason of a message in both languages; a number no table knows is told as such.

    Only the first word is a code: what a gateway adds to it stays as it was told.
    """
    code, _, more = reason.partition(" ")
    if code in REASONS:
        zh, en = REASONS[code]
    elif found := _CODE.fullmatch(code):
        zh, en = f"设备返回代码 {found[1]}", f"the device says code {found[1]}"
    else:
        return reason, reason
    return (f"{zh}({more})", f"{en} ({more})") if more else (zh, en)
