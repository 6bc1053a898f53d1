"""The plans of the demo (rules §A6.1): 1 general, 39 special, 47 departmental, 22 of townships, 400 below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.demo.places import COUNTY_CODE, PARK_CODE
from app.demo.regions import Region

OFFICE = "樟川市应急管理局"

# Name, beginnings of event codes, who keeps it. The first four have action cards.
_SPECIAL = (
    ("危险化学品事故", "12D", OFFICE),
    ("防汛抗旱", "11A 11B01 11B03 11E", "市水利局"),
    ("森林草原火灾", "11G", "市林业局"),
    ("自然灾害救助", "11", OFFICE),
    ("地震", "11C", OFFICE),
    ("突发地质灾害", "11D", "市自然资源局"),
    ("道路交通事故", "12H", "市公安局"),
    ("火灾事故", "12G", "市消防救援大队"),
    ("城镇燃气事故", "12U 12D", "市住房和城乡建设局"),
    ("突发环境事件", "12Q", "市生态环境局"),
    ("突发公共卫生事件", "13A 13F", "市卫生健康委员会"),
    ("低温雨雪冰冻灾害", "11B04 11B05 11B21", OFFICE),
    ("生产安全事故", "12", OFFICE),
    ("非煤矿山事故", "12B00", OFFICE),
    ("尾矿库事故", "12B04", OFFICE),
    ("烟花爆竹事故", "12E", OFFICE),
    ("建设工程施工事故", "12C", "市住房和城乡建设局"),
    ("特种设备事故", "12N", "市市场监督管理局"),
    ("水上交通事故", "12J", "市交通运输局"),
    ("铁路交通事故", "12K", "市交通运输局"),
    ("大面积停电事件", "12P08", "市供电公司"),
    ("通信保障", "12P10", "市通信发展办公室"),
    ("建筑物垮塌事故", "12P13", "市住房和城乡建设局"),
    ("城市内涝", "11A02", "市住房和城乡建设局"),
    ("山洪灾害防御", "11A51", "市水利局"),
    ("水库大坝安全", "11A03", "市水利局"),
    ("干旱灾害", "11A52", "市水利局"),
    ("气象灾害", "11B", "市气象局"),
    ("重大动物疫情", "13E", "市农业农村局"),
    ("林业有害生物灾害", "", "市林业局"),
    ("食品安全事故", "13B", "市市场监督管理局"),
    ("群体性中毒", "13C", "市卫生健康委员会"),
    ("校园安全事件", "12S", "市教育体育局"),
    ("大型活动拥挤踩踏事件", "12S", "市公安局"),
    ("旅游突发事件", "", "市文化广电旅游局"),
    ("粮食供应", "", "市发展和改革委员会"),
    ("生活必需品市场供应", "", "市商务局"),
    ("油气长输管道事故", "12D01 12D02", "市发展和改革委员会"),
    ("重污染天气", "12Q", "市生态环境局"),
)
_DEPARTMENTAL = (
    ("市公安局", ("重大活动安保", "道路交通管制", "危险物品处置")),
    ("市消防救援大队", ("高层建筑火灾处置", "水域救援", "危险化学品处置")),
    ("市卫生健康委员会", ("突发事件紧急医学救援", "安置点卫生防疫", "急性中毒救治")),
    ("市水利局", ("水库防洪抢险", "堤防险情抢护", "农村供水保障")),
    ("市自然资源局", ("地质灾害应急调查", "测绘应急保障")),
    ("市林业局", ("林区巡护与火情早处置", "国有林场防火")),
    ("市气象局", ("气象应急服务", "人工影响天气作业")),
    ("市交通运输局", ("公路抢通保通", "应急运力保障", "客运站滞留旅客疏散")),
    ("市住房和城乡建设局", ("城市桥梁隧道事故", "城市供水中断", "建筑工地防汛")),
    ("市生态环境局", ("饮用水水源污染", "应急监测")),
    ("市农业农村局", ("农业抗灾救灾", "渔业船舶安全")),
    ("市民政局", ("受灾群众生活救助", "福利机构突发事件")),
    ("市教育体育局", ("学校停课与师生转移", "体育场馆突发事件")),
    ("市供电公司", ("电网设备事故", "重要用户保电")),
    ("市燃气公司", ("燃气管网泄漏抢修", "燃气供应中断")),
    ("市通信发展办公室", ("通信网络中断抢修",)),
    ("市红十字会", ("应急救护", "救灾捐赠接收")),
    ("市人民武装部", ("民兵抢险救灾",)),
    ("市融媒体中心", ("应急新闻发布", "应急广播播发")),
    ("市商务局", ("成品油市场供应", "商贸场所安全")),
    ("市应急管理局", ("应急指挥中心值班值守", "救灾物资紧急调拨", "灾情统计报送")),
)
_FIRMS = (
    ("化工", ("生产安全事故", "危险化学品泄漏")),
    ("精细化工", ("生产安全事故", "有毒气体泄漏")),
    ("医药", ("生产安全事故", "突发环境事件")),
    ("新材料", ("生产安全事故", "火灾爆炸事故")),
    ("机械", ("生产安全事故", "机械伤害事故")),
)
_BRANDS = ("樟泰", "鹿鸣", "江源", "瑞丰", "华晟", "天工", "安澜", "金樟", "恒润", "远航")


@dataclass(frozen=True, slots=True)
class Plan:
    """An emergency plan. `level`: general, special, departmental, township, grassroots.

    `hazards` are beginnings of event codes; `card` is the shipped action card it has, "" for none.
    """

    key: str
    level: str
    tier: str
    title_zh: str
    region_code: str
    owner: str
    hazards: tuple[str, ...] = ()
    card: str = ""


def plans(places: tuple[Region, ...]) -> tuple[Plan, ...]:
    """Return every plan of the city, the general one first."""
    rows = [*_county(), *_townships(places), *_grassroots(places)]
    return tuple(Plan(f"plan-{n}", *row) for n, row in enumerate(rows, start=1))


_Row = tuple[str, str, str, str, str, tuple[str, ...], str]


def _county() -> Iterator[_Row]:
    yield "general", "county", "樟川市突发事件总体应急预案", COUNTY_CODE, OFFICE, (), "general"
    cards = ("hazardous_chemicals", "flood", "forest_fire")
    for n, (name, hazards, owner) in enumerate(_SPECIAL):
        card = cards[n] if n < len(cards) else ""
        yield "special", "county", f"樟川市{name}应急预案", COUNTY_CODE, owner, tuple(hazards.split()), card
    for owner, names in _DEPARTMENTAL:
        for name in names:
            yield "departmental", "county", f"{owner}{name}应急预案", COUNTY_CODE, owner, (), ""


def _townships(places: tuple[Region, ...]) -> Iterator[_Row]:
    for place in places:
        if place.kind in {"subdistrict", "township", "farm"}:
            title = f"{place.name_zh}突发事件总体应急预案"
            yield "township", "township", title, place.code, f"{place.name_zh}人民政府", (), ""


def _grassroots(places: tuple[Region, ...]) -> Iterator[_Row]:
    for place in places:
        if place.kind in {"village", "community"}:
            board = "居民委员会" if place.kind == "community" else "村民委员会"
            short = place.name_zh.removesuffix("村").removesuffix("社区")
            title = f"{place.name_zh}突发事件应急预案"
            yield "grassroots", "village", title, place.code, f"{short}{board}", (), ""
    for brand in _BRANDS:
        for trade, names in _FIRMS:
            firm = f"{brand}{trade}有限公司"
            for name in names:
                yield "grassroots", "enterprise", f"{firm}{name}应急预案", PARK_CODE, firm, (), ""
