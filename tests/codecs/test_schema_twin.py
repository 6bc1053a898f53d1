"""Our content models say of every message, whole or damaged, what the schemas say (XSD by libxml2).

The schemas belong to others (OASIS) or are kept with the whole set, so this runs where that is present.
"""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from lxml import etree  # type: ignore[import-untyped]

from app.codecs.cap.read import read as read_cap
from app.codecs.ebm.identifiers import data_id
from app.codecs.ebm.packet import Packet
from app.codecs.ebm.packet import read as read_ebm
from app.codecs.ebm.packet import write as write_ebm
from app.codecs.ebm.profile import GDJ_2018
from app.codecs.findings import Checked, Layer
from tests.codecs.evidence import WHOLE, message, needs_the_whole_set
from tests.codecs.test_ebm_packet import COUNTY, FULL, NOON

pytestmark = needs_the_whole_set

CAP = [
    "cap/cap_valid_03_oasis_A3_update_earthquake.xml",
    "cap/cap_valid_04_oasis_A4_amber_two_languages.xml",
    "cap/cap_valid_26_cn_exercise.xml",
    "cap/cap_valid_10_ca_two_languages.xml",
    "cap/cap_valid_30_cn_private.xml",
]
EBM = [
    "ebm/ebm_valid_04_issue_multi_area_multi_aux.xml",
    "ebm/ebm_valid_31_state_response_2.xml",
    "ebm/ebm_valid_40_omd_dtinfo_full.xml",
    "ebm/ebm_valid_50_EBRPSInfo.xml",
    "ebm/ebm_valid_51_EBRSTInfo.xml",
    "ebm/ebm_valid_52_EBRASInfo.xml",
    "ebm/ebm_valid_56_EBRDTInfo_delete.xml",
    "ebm/ebm_valid_62_EBRBSState.xml",
    "ebm/ebm_valid_24_notify.xml",
]
WORDS = [
    "",
    " ",
    "x",
    "Alert",
    "Public",
    "Met",
    "zh-CN",
    "7",
    "-1",
    "2026-06-18T09:30:00+08:00",
    "2026-06-18",
]


def schema(name: str) -> Any:
    assert WHOLE is not None
    return etree.XMLSchema(etree.parse(WHOLE / name))


def damaged(root: Any, chance: random.Random) -> Any:
    """One thing dropped, doubled, moved, renamed, reworded or given an attribute."""
    root = copy.deepcopy(root)
    nodes = [node for node in root.iter() if isinstance(node.tag, str) and node is not root]
    node = chance.choice(nodes)
    parent = node.getparent()
    match chance.randrange(6):
        case 0:
            parent.remove(node)
        case 1:
            parent.insert(chance.randrange(len(parent) + 1), copy.deepcopy(node))
        case 2:
            parent.insert(chance.randrange(len(parent)), node)
        case 3:
            node.tag = chance.choice(nodes).tag
        case 4:
            node.text = chance.choice(WORDS)
        case _:
            node.set("id", "7")
    return root


def our_verdict(found: Checked[Any]) -> list[str]:
    return [finding.detail for finding in found.findings if finding.layer is Layer.SCHEMA]


@pytest.mark.parametrize("name", CAP)
def test_damaged_alerts_break_our_model_when_they_break_the_schema_of_oasis(name: str) -> None:
    assert WHOLE is not None
    theirs = schema("cap_schema_oasis_1_2.xsd")
    whole = etree.fromstring(message(name, WHOLE))
    chance = random.Random(name)
    for _ in range(150):
        root = damaged(whole, chance)
        data = etree.tostring(root, encoding="utf-8")
        assert (not our_verdict(read_cap(data))) == theirs.validate(root), (data.decode(), theirs.error_log)


@pytest.mark.parametrize("name", [*EBM, *FULL])
def test_damaged_packets_break_our_model_when_they_break_the_schema_derived_from_the_tables(
    name: str,
) -> None:
    """But for what is forgiven with advice and for times that match the schema's pattern and do not exist."""
    assert WHOLE is not None
    theirs = schema("ebm_gdj083_derived.xsd")
    made = name in FULL
    data = (
        write_ebm(Packet(data_id(COUNTY, 9), name, COUNTY, NOON, FULL[name]))
        if made
        else message(name, WHOLE)
    )
    whole = etree.fromstring(data)
    assert theirs.validate(whole)
    chance = random.Random(name)
    agreed = 0
    for _ in range(120):
        root = damaged(whole, chance)
        data = etree.tostring(root, encoding="utf-8")
        found = read_ebm(data, GDJ_2018)
        ours = not our_verdict(found)
        if (
            ours
            and not theirs.validate(root)
            and {"WHITE_SPACE", "RELATED_EBD_EMPTY", "EBM_WRAPPER"} & found.codes
        ):
            continue
        agreed += 1
        assert ours == theirs.validate(root), (data.decode(), found.findings, theirs.error_log)
    assert agreed > 80
