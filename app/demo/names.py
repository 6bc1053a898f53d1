"""Names with their pinyin from closed tables: villages, communities, people (all fictional)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from app.demo.places import EAST_BANK_VILLAGE, HILL_VILLAGE, TOWNSHIPS, Township

# One syllable per character: the tables below use no other characters.
_PINYIN_TABLE = """
东dong 西xi 南nan 北bei 岸an 石shi 青qing 观guan 山shan 上shang 下xia 大da 小xiao 新xin 老lao 长chang
横heng 高gao 白bai 黄huang 金jin 竹zhu 松song 枫feng 樟zhang 梅mei 桃tao 柳liu 茶cha 荷he 兰lan 龙long
凤feng 鹤he 马ma 牛niu 泉quan 云yun 塘tang 坑keng 坪ping 湾wan 桥qiao 溪xi 源yuan 洲zhou 田tian 岭ling
坊fang 湖hu 洞dong 井jing 坳ao 陂bei 垅long 口kou 头tou 背bei 前qian 桐tong 杨yang 李li 陈chen 王wang
周zhou 吴wu 邹zou 熊xiong 聂nie 付fu 家jia 圩xu 文wen 昌chang 朝chao 阳yang 门men 中zhong 正zheng 建jian
设she 鼓gu 楼lou 码ma 堤di 府fu 学xue 园yuan 广guang 场chang 和he 平ping 安an 民min 盐yan 药yao 渡du
滨bin 江jiang 鹿lu 鸣ming 书shu 院yuan 城cheng 星xing 光guang 胜sheng 利li 双shuang 河he 花hua 友you
爱ai 幸xing 福fu 铁tie 路lu 站zhan 工gong 业ye 川chuan 临lin 永yong 宁ning 岗gang 经jing 堂tang 店dian
埠bu 阁ge 峰feng 义yi 浦pu 尾wei 洋yang 张zhang 刘liu 赵zhao 孙sun 徐xu 胡hu 朱zhu 郭guo 何he 林lin
罗luo 梁liang 宋song 谢xie 唐tang 许xu 韩han 邓deng 冯feng 曹cao 彭peng 曾zeng 萧xiao 蔡cai 潘pan 袁yuan
于yu 董dong 余yu 苏su 叶ye 吕lü 魏wei 蒋jiang 丁ding 沈shen 任ren 姚yao 卢lu 傅fu 钟zhong 姜jiang 崔cui
谭tan 廖liao 范fan 汪wang 陆lu 万wan 涂tu 黎li 雷lei 敏min 海hai 洁jie 军jun 志zhi 强qiang 立li 伟wei
芳fang 娜na 静jing 勇yong 艳yan 杰jie 涛tao 明ming 超chao 刚gang 丽li 华hua 辉hui 玲ling 鹏peng 斌bin
波bo 宇yu 浩hao 凯kai 健jian 俊jun 帆fan 雪xue 荣rong 国guo 宏hong 祥xiang 春chun 秋qiu 红hong 英ying
霞xia 琴qin 飞fei 亮liang 庆qing 德de 忠zhong 兴xing 水shui 根gen 生sheng 细xi 保bao 恒heng 盛sheng
泰tai 鑫xin 瑞rui 康kang 达da 通tong 科ke 虹hong 固gu 珠zhu 天tian
"""
PINYIN: dict[str, str] = {word[0]: word[1:] for word in _PINYIN_TABLE.split()}

_HEADS = (
    *"上下大小新老长横高白黄金竹松枫樟梅桃柳茶荷兰龙凤鹤马牛泉云石青桐杨东西南北",
    "李家",
    "陈家",
    "王家",
    "周家",
    "邹家",
)
_TAILS = "塘坑坪湾桥溪源洲田岭坊湖洞井坳陂垅口头背前"
_URBAN = re.findall(
    "..",
    "文昌朝阳东门西门南门北门中正建设鼓楼码头江堤府前学府园林广场和平安民盐井药园渡口"
    "书院新城星光胜利双桥花园友爱幸福铁路站前",
)
_SURNAMES = (
    "张刘赵孙徐胡朱郭何林罗梁宋谢唐许韩邓冯曹彭曾萧蔡潘袁于董余苏叶吕魏蒋丁沈任姚卢傅钟姜崔谭廖范汪陆万"
    "涂黎雷李王陈杨黄周吴熊邹聂付"
)
_GIVEN = (
    "敏海洁军志强立伟芳娜静勇艳杰涛明超刚丽华辉玲鹏斌波宇浩凯健俊帆雪荣国宏祥春秋红英霞琴飞亮"
    "庆德忠兴水根生细保文建平安林云"
)

FIXED_VILLAGES: dict[str, str] = {
    EAST_BANK_VILLAGE: "东岸",
    HILL_VILLAGE: "观山",
    "990181104207": "青石",  # S12: the village that stays silent
}


def pinyin(characters: str) -> str:
    """Plain pinyin without tones, written as one word: 东岸 → `Dong'an`.

    An apostrophe keeps syllables apart where the next one starts with a vowel (汉语拼音正词法).
    """
    word = ""
    for character in characters:
        syllable = PINYIN[character]
        word += f"'{syllable}" if word and syllable[0] in "aeo" else syllable
    return word.capitalize()


def person_pinyin(name_zh: str) -> str:
    """Family name first, as printed on an identity card: 何志强 → `He Zhiqiang`."""
    return f"{pinyin(name_zh[0])} {pinyin(name_zh[1:])}"


def village_codes(place: Township) -> tuple[str, ...]:
    """List the codes of a township's communities (001…) and villages (200…), rules §A9."""
    communities = (f"{place.code9}{n:03d}" for n in range(1, place.communities + 1))
    return (*communities, *(f"{place.code9}{n:03d}" for n in range(200, 200 + place.villages)))


def village_names(seed: int) -> dict[str, str]:
    """Short Chinese names of the 300 villages and communities by code; every name occurs once."""
    rng = np.random.default_rng([seed, 11])
    taken = set(FIXED_VILLAGES.values()) | {place.short_zh for place in TOWNSHIPS}
    rural = [head + tail for head in _HEADS for tail in _TAILS if head + tail not in taken]
    rural_names = iter([rural[i] for i in rng.permutation(len(rural))])
    urban_names = iter([_URBAN[i] for i in rng.permutation(len(_URBAN))])
    return {
        code: _village_name(code, place, rural_names, urban_names)
        for place in TOWNSHIPS
        for code in village_codes(place)
    }


def _village_name(code: str, place: Township, rural: Iterator[str], urban: Iterator[str]) -> str:
    if code in FIXED_VILLAGES:
        return FIXED_VILLAGES[code]
    if code[9] != "0":
        return next(rural)
    if place.kind == "subdistrict":
        return next(urban)
    return "樟川工业园" if place.kind == "park" else place.short_zh + "圩"  # 圩: the market street


def person_names(seed: int, reserved: frozenset[str]) -> Iterator[str]:
    """Yield an endless supply of Chinese names, none twice and none of `reserved`."""
    rng = np.random.default_rng([seed, 12])
    used = set(reserved)
    while True:
        length = 2 if rng.random() < 0.75 else 1
        picks = rng.integers(0, len(_GIVEN), length)
        name = _SURNAMES[rng.integers(0, len(_SURNAMES))] + "".join(_GIVEN[i] for i in picks)
        if name not in used:
            used.add(name)
            yield name
