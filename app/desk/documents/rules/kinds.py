"""The kinds of documents there are (domain/rules B8): names, shape, numbers, who signs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

DocumentKind = Literal[
    "report_initial",
    "report_followup",
    "report_final",
    "call_record",
    "phone_record",
    "damage_table",
    "daily_brief",
    "special_report",
    "instruction_form",
    "minutes",
    "evaluation",
    "order",
    "transfer",
    "roster",
    "duty_log",
    "handover",
    "status_summary",
    "circular",
    "standby_sheet",
    "standby_daily",
    "call_and_respond_record",
    "evacuation_list",
    "evacuation_return",
    "broadcast_sheet",
    "response_order",
]
WrittenKind = Literal["daily_brief", "special_report", "minutes", "evaluation"]
MadeKind = Literal[
    "call_record",
    "phone_record",
    "damage_table",
    "instruction_form",
    "order",
    "transfer",
    "roster",
    "duty_log",
    "handover",
    "status_summary",
    "circular",
    "standby_sheet",
    "standby_daily",
    "call_and_respond_record",
    "evacuation_list",
    "evacuation_return",
    "broadcast_sheet",
    "response_order",
]
Way = Literal["report", "written", "made"]
Permission = Literal["see_desk", "keep_shelters"]
LETTER_FIELDS = frozenset(
    {"标题", "单位", "正文", "日期", "时间", "地点", "主持人", "参加人员", "事件", "简称", "年", "序号"}
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document.

    `way`: report (its own chain of signatures), written (a free text that a leader signs), made (from what
    the house knows). `fields` are the labels of its facts; `columns` 0: the table is as wide as its matter;
    `names_sign`: the signatures are names that are known, no template may replace them. `numbered`: its
    numbers are a series of the archive's own.
    """

    key: DocumentKind
    zh: str
    en: str
    way: Way
    signed_zh: str
    signed_en: str
    letter: bool = False
    numbered: bool = False
    fields: tuple[str, ...] = ()
    columns: int = 0
    names_sign: bool = False
    reads: Permission = "see_desk"


_INCIDENT = ("事件编号", "事件标题", "类别", "初判等级", "地点")
_LISTED = (
    Kind("report_initial", "初报", "initial report", "report", "签发人", "leader", letter=True),
    Kind("report_followup", "续报", "follow-up report", "report", "签发人", "leader", letter=True),
    Kind("report_final", "终报", "final report", "report", "签发人", "leader", letter=True),
    Kind(
        "call_record",
        "接报单",
        "call record",
        "made",
        "接报人、值班长",
        "call taker, shift lead",
        numbered=True,
        fields=(*_INCIDENT, "接报时间", "事发时间", "信息来源", "危及生命", "经纬度", "情况", "接报人"),
        columns=4,
    ),
    Kind(
        "phone_record",
        "电话记录",
        "telephone record",
        "made",
        "记录人、值班长",
        "who called, shift lead",
        numbered=True,
        fields=(*_INCIDENT, "通话时间", "对方", "号码", "方式", "报告类别", "录入", "回执"),
        columns=2,
    ),
    Kind(
        "damage_table",
        "灾情统计表",
        "table of damage",
        "made",
        "填表人、审核人",
        "who filled it in, who checked it",
        numbered=True,
        fields=(*_INCIDENT, "统计时间", "存疑"),
        columns=5,
    ),
    Kind(
        "daily_brief",
        "值班信息",
        "daily brief",
        "written",
        "签发人",
        "leader",
        letter=True,
        numbered=True,
        fields=("值班", "天气", "接报", "事件", "报送", "指令", "批示"),
    ),
    Kind(
        "special_report",
        "信息专报",
        "special report",
        "written",
        "签发人",
        "leader",
        letter=True,
        numbered=True,
    ),
    Kind(
        "instruction_form",
        "批示办理单",
        "form of a leader's instruction",
        "made",
        "承办人、带班领导",
        "who handles it, leader in charge",
        numbered=True,
        fields=("批示领导", "批示内容", "批示时间", "接收", "方式", "事件编号", "办理情况", "办结"),
        columns=5,
    ),
    Kind("minutes", "会商纪要", "minutes", "written", "签发人", "leader", letter=True, numbered=True),
    Kind("evaluation", "演练评估", "evaluation", "written", "签发人", "leader", letter=True, numbered=True),
    Kind(
        "order",
        "指令单",
        "order",
        "made",
        "指挥长或带班领导",
        "commander or leader in charge",
        fields=("事由", "主送", "依据", "指令内容", "报告要求", "签发", "下达时间"),
        columns=6,
    ),
    Kind(
        "transfer",
        "物资调拨单",
        "transfer order",
        "made",
        "保管员、承运人、接收人",
        "keeper, carrier, receiver",
        fields=("类别", "调出", "调入", "事件", "事由", "开单"),
        columns=8,
        names_sign=True,
    ),
    Kind("roster", "值班表", "roster", "made", "办公室", "office", fields=("月份", "公布", "电话")),
    Kind(
        "duty_log",
        "值班日志",
        "duty log",
        "made",
        "值班长、带班领导",
        "shift lead, leader in charge",
        fields=("日期", "天气", "小结"),
        columns=5,
    ),
    Kind(
        "handover",
        "交接班记录",
        "hand-over",
        "made",
        "交班、接班、带班领导",
        "off, on, leader in charge",
        fields=("时间", "交班人员", "接班人员"),
        columns=5,
        names_sign=True,
    ),
    Kind(
        "status_summary",
        "调度情况汇总表",
        "summary of a status round-up",
        "made",
        "填表人、审核人",
        "who filled it in, who checked it",
        fields=("截止时间", "要求", "报送情况", "未报单位", "迟报单位", "汇总"),
    ),
    Kind(
        "circular",
        "值守抽查情况通报",
        "circular of a spot check",
        "made",
        "局领导",
        "head of the bureau",
        letter=True,
        numbered=True,
    ),
    Kind(
        "standby_sheet",
        "备勤补助表",
        "standby allowance",
        "made",
        "队长、审批人",
        "team leader, who approved it",
        fields=("月份", "乡镇", "合计", "审批"),
        columns=5,
    ),
    Kind(
        "standby_daily",
        "备勤日报",
        "daily return of standby",
        "made",
        "队长、带班领导",
        "team leader, leader in charge",
        fields=("日期", "防护期", "应备勤", "在位", "不足单位"),
        columns=6,
    ),
    Kind(
        "call_and_respond_record",
        "预警叫应记录",
        "record of call-and-respond",
        "made",
        "值班员、带班领导",
        "duty officer, leader in charge",
        numbered=True,
        fields=("预警", "内容", "范围", "发起", "结束", "结果", "核实"),
        columns=7,
    ),
    Kind(
        "evacuation_list",
        "人员转移名单",
        "evacuation list",
        "made",
        "村(社区)负责人、转移责任人、安置点负责人",
        "head of the village, mover, head of the shelter",
        fields=("村(社区)", "事由", "下达", "完成时限", "安置点", "进度"),
        columns=7,
        reads="keep_shelters",
    ),
    Kind(
        "evacuation_return",
        "人员返家名单",
        "return-home list",
        "made",
        "村(社区)负责人、转移责任人、安置点负责人",
        "head of the village, mover, head of the shelter",
        fields=("村(社区)", "事由", "下达", "完成时限", "安置点", "进度"),
        columns=7,
        reads="keep_shelters",
    ),
    Kind(
        "broadcast_sheet",
        "应急广播播发单",
        "broadcast sheet",
        "made",
        "拟稿人、审批人",
        "who wrote it, who let it go",
        fields=(
            *("性质", "事件", "依据", "播发标题", "正文", "语音", "区域", "时段", "遍数", "拟稿", "审批"),
            *("停播", "结果", "未播到", "抽查"),
        ),
        columns=6,
        names_sign=True,
    ),
    Kind("response_order", "应急响应令", "response order", "made", "指挥长", "commander", letter=True),
)
KINDS: Mapping[DocumentKind, Kind] = {kind.key: kind for kind in _LISTED}
GUARDED = tuple(kind.key for kind in _LISTED if kind.reads == "keep_shelters")
"""Kinds with the names of residents: for those only who keep shelters."""
