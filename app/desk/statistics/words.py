"""What the measures and their parts are called, and how each is counted, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from app.desk.statistics.facts import Grouped, Measure
from app.devices.ledger.rules import kind_of
from app.reporting.rules.terms import NODES

Word = tuple[str, str]
Words = Mapping[str, Word]
DRILLS: Word = ("演练、测试不计入", "drills and tests never count")
GROUPED: Mapping[Grouped, Word] = {
    "kind": ("类别", "kind"),
    "level": ("等级", "level"),
    "place": ("乡镇", "township"),
}

NAMES: Mapping[Measure, Word] = {
    "calls": ("接报", "Calls taken"),
    "incidents": ("突发事件", "Incidents"),
    "opened": ("接报至立案", "Call to incident"),
    "first_order": ("立案至首次派单", "Incident to first order"),
    "acknowledged": ("派单至签收", "Order to answer"),
    "turnout": ("派单至出动", "Order to departure"),
    "arrived": ("派单至到场", "Order to arrival"),
    "done": ("到场至处置完毕", "Arrival to done"),
    "outside_help": ("外援力量", "Help from outside"),
    "reports": ("信息报送", "Reports"),
    "warnings": ("预警", "Warnings"),
    "callouts": ("预警叫应", "Call-and-respond"),
    "broadcasts": ("应急广播", "Broadcasts"),
    "terminals": ("广播终端播出", "Terminals that played"),
    "spot_checks": ("值班抽查", "Spot checks"),
    "arrivals": ("到岗", "Arrivals at posts"),
    "gaps": ("漏岗、脱岗", "Absences"),
    "round_ups": ("情况调度回复", "Round-up answers"),
    "devices": ("设备在线(此刻)", "Devices online (now)"),
    "supplies": ("物资消耗", "Supplies used"),
}
STATED: Mapping[Measure, Word] = {
    "calls": (
        "求救报警、来电各计一次(重复报警合并),另加电话、电台、来人等方式直接立案的;用时从首次收到到有人接;"
        "来电10秒内(三声)接起为达标;直接立案的登记了响铃、接起时刻或声数的同样判定",
        "each call for help and each telephone call once (copies merged), and incidents told otherwise; time "
        "from first heard until somebody took it; a telephone call is in time within 10 s (three rings); on "
        "the desk's own line as the officer told it",
    ),
    "incidents": (
        "按接报时间,每起计一次;已并入其他事件的和未到时间的计划事件不计",
        "by when they were received, each once; not those merged into another, nor planned ones not yet open",
    ),
    "opened": (
        "从接报到立案;3分钟内达标,危及生命的1分钟",
        "from the call to the incident; in time within 3 min, 1 min with life at risk",
    ),
    "first_order": (
        "从立案到第一张派单;10分钟内达标,危及生命的5分钟;没有派单的不计",
        "from the incident to its first order; in time within 10 min, 5 min with life at risk; without an "
        "order: not counted",
    ),
    "acknowledged": (
        "从派单到签收;在规定时限内达标;超时仍未签收的计为未达标",
        "from the order to its acknowledgement; in time within the limit; still silent after it: late",
    ),
    "turnout": (
        "从派单到出动;按队伍类别的出动时限判定;未报出动的不判定",
        "from the order to the departure; judged by the limit of the kind of team; not told: not judged",
    ),
    "arrived": ("从派单到到达现场", "from the order to the arrival on scene"),
    "done": ("从到达现场到处置完毕", "from the arrival to the end of the task"),
    "outside_help": (
        "按到达时间,每支外援队伍计一次,合计数量为到达人数,用时为在县时长;不计入本县力量",
        "by when they arrived, each team of others once; the amount is people, time how long they stayed; "
        "they never count as ours",
    ),
    "reports": (
        "按应报时间,首报、续报、零报告、终报各计一次;标记过迟报的为未达标(报送率=按时/应报)",
        "by when they were due: first, follow-up, zero, final reports once each; once flagged late: late",
    ),
    "warnings": (
        "涉及本辖区的正式预警,按首次收到时间,一条预警的更新、解除不另计",
        "actual warnings that concern one's area, by when first heard; updates and ends are the same warning",
    ),
    "callouts": (
        "每个应叫应的责任人计一次;时限内回应为达标,时限已过未回应的为未达标;用时从发起到回应",
        "each person in charge that had to answer; answered within the limit is in time; time from the start",
    ),
    "broadcasts": (
        "已播发的正式广播,停播指令不另计",
        "broadcasts that went out in earnest; orders to stop are not counted",
    ),
    "terminals": (
        "每个应播的终端计一次;平台回执为播发成功的达标,失败或播完无回执的未达标,取消的不判定",
        "each terminal that was to play; reported success is good, failed or silent at the end is not, "
        "cancelled is not judged",
    ),
    "spot_checks": (
        "按判定时间,每个被抽岗位计一次;未查到的不计",
        "by when judged, each drawn post once; those not checked are not counted",
    ),
    "arrivals": (
        "每次到岗计一次;不迟到为达标;用时为迟到时长",
        "each arrival once; not late is good; time: how late",
    ),
    "gaps": (
        "每次真正出现的缺岗计一次:无人排班、未到岗、离岗;用时为缺岗时长",
        "each gap that was really open: unplanned, not arrived, left; time: how long it was open",
    ),
    "round_ups": (
        "按截止时间,每个被调度单位计一次;首次回复按时为达标,迟到或未回复为未达标;用时为迟到时长",
        "by the deadline, each unit asked once; a first answer in time is good, late or none is not; "
        "time: how late",
    ),
    "devices": (
        "在用设备中此刻在线的;不保存历史,无上期",
        "of the devices in use those heard at this instant; no history is kept, nothing to compare",
    ),
    "supplies": (
        "调拨后登记为已消耗的,按发生时间;合计数量为各品种件数之和",
        "what was booked as used after a transfer, by when it happened; the amount adds up all items",
    ),
}
_SOURCES: Words = {
    "sos": ("求救报警", "call for help"),
    "call": ("来电", "telephone call"),
    "device_alarm": ("设备报警", "device alarm"),
    "telephone": ("电话", "telephone"),
    "radio": ("电台", "radio"),
    "walk_in": ("来人", "in person"),
    "superior": ("上级", "superior"),
    "partner": ("联动单位", "partner"),
}
_TEAMS: Words = {
    "professional": ("专业队伍", "professional"),
    "semi_pro": ("半专业队伍", "semi-professional"),
    "enterprise": ("企业队伍", "enterprise"),
    "social": ("社会队伍", "social"),
    "militia": ("民兵", "militia"),
    "volunteer": ("志愿者", "volunteers"),
    "fire_rescue": ("消防救援", "fire and rescue"),
    "professional_forest_fire": ("专业森林消防", "professional forest fire"),
    "semi_pro_fire": ("半专业森林消防", "semi-professional forest fire"),
    "flood": ("防汛抗旱队伍", "flood control"),
    "medical": ("医疗", "medical"),
    "first_aid": ("急救", "first aid"),
    "village_detachment": ("村小分队", "village detachment"),
    "outside": ("外援队伍", "from outside"),
}
_COLOURS: Words = {
    "red": ("红色", "red"),
    "orange": ("橙色", "orange"),
    "yellow": ("黄色", "yellow"),
    "blue": ("蓝色", "blue"),
    "none": ("无颜色", "no colour"),
}
_LEVELS: Words = {
    "1": ("特别重大", "level 1, gravest"),
    "2": ("重大", "level 2"),
    "3": ("较大", "level 3"),
    "4": ("一般", "level 4"),
}
_TIERS: Words = {"county": ("县级", "county"), "township": ("乡镇", "township"), "village": ("村", "village")}
_PLAYED: Words = {
    "0": ("未处理", "not handled"),
    "1": ("等待", "waiting"),
    "2": ("播发中", "playing"),
    "3": ("播发成功", "played"),
    "4": ("播发失败", "failed"),
    "5": ("播发取消", "cancelled"),
}
_SEATS: Words = {
    "chief_leader": ("总带班", "chief leader"),
    "leader_in_charge": ("带班领导", "leader in charge"),
    "shift_lead": ("值班长", "shift lead"),
    "intake": ("接报", "intake"),
    "dispatch_comms": ("调度通信", "dispatch"),
    "clerk": ("文电", "clerk"),
    "duty_officer": ("值班员", "duty officer"),
    "reporter_a": ("A岗", "reporter A"),
    "reporter_b": ("B岗", "reporter B"),
    "reserve_duty": ("备班", "reserve"),
}
_KINDS: Mapping[Measure, Words] = {
    "calls": _SOURCES,
    "opened": _SOURCES,
    "first_order": _TEAMS,
    "acknowledged": _TEAMS,
    "turnout": _TEAMS,
    "arrived": _TEAMS,
    "done": _TEAMS,
    "reports": {str(node): words for node, words in NODES.items()},
    "warnings": _COLOURS,
    "callouts": _TIERS,
    "broadcasts": {"urgent": ("应急", "emergency"), "daily": ("日常", "daily")},
    "terminals": _PLAYED,
    "spot_checks": {
        "phone": ("电话", "telephone"),
        "app": ("应用", "app"),
        "radio": ("电台", "radio"),
        "satellite_phone": ("卫星电话", "satellite phone"),
        "beidou": ("北斗", "Beidou"),
        "video": ("视频", "video"),
    },
    "arrivals": _SEATS,
    "gaps": {
        "unplanned": ("无人排班", "nobody planned"),
        "not_arrived": ("未到岗", "not arrived"),
        "left": ("离岗", "left the post"),
    },
    "round_ups": {
        "in_time": ("按时回复", "in time"),
        "late": ("迟回复", "late"),
        "missing": ("未回复", "no answer"),
        "waiting": ("未到截止", "not due yet"),
    },
}


def word_of(what: Measure, by: Grouped, key: str) -> Word:
    """Return what a part of a measure is called; a word nobody knows is its own name."""
    if what == "devices":
        kind = kind_of(key)
        return (kind.zh, kind.en)
    if by == "level":
        return (_COLOURS if what == "callouts" else _LEVELS).get(key, (key, key))
    return _KINDS.get(what, {}).get(key, (key, key))
