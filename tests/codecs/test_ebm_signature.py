"""Signatures of GD/J 081: SM2 over SM3, certificates, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codecs.ebm import sm
from app.codecs.ebm.archive import pack, unpack
from app.codecs.ebm.certificate import BadCertificate, Trust, certificate_of, trusted
from app.codecs.ebm.packet import read as read_packet
from app.codecs.ebm.packet import write as write_packet
from app.codecs.ebm.profile import Profile
from app.codecs.ebm.receive import ResultCode, receive
from app.codecs.ebm.schema import BEIJING
from app.codecs.ebm.signature import Signature, SoftwareSigner, proves, read, write
from app.codecs.ebm.trial import CA, PLATFORM, trial_trust
from app.codecs.ebm.trust import trust_of
from tests.codecs.evidence import HERE, WHOLE, message, needs_the_whole_set, records

KNOWN = json.loads((HERE / "ebm_signature_vectors.json").read_text("utf-8"))
PRIVATE = bytes.fromhex(KNOWN["test_platform"]["private_hex"])
PUBLIC = bytes.fromhex(KNOWN["test_platform"]["public_hex"])
SERIAL = KNOWN["test_platform"]["cert_sn"]
SIGNER = SoftwareSigner(PRIVATE, SERIAL)
NOW = datetime(2026, 6, 18, 9, 30, 5, tzinfo=BEIJING)
TRUST = Trust(trial_trust().certificates)

ISSUE = message("ebm/ebm_valid_01_issue_text_tts.xml")
EBD_ID = "10334150000000001010101010000000000000001"
NAME = f"EBDB_{EBD_ID}.xml"


def signed(data: bytes, ebd_id: str = EBD_ID, **changed: object) -> bytes:
    signature = replace(SIGNER.sign(data, 1_781_746_205), related=ebd_id)
    return write(replace(signature, **changed))  # type: ignore[arg-type]


def sent(**files: bytes) -> bytes:
    return pack({name.replace("__", "."): content for name, content in files.items()})


def issue(data: bytes = ISSUE, signature: bytes | None = None, **more: bytes) -> bytes:
    name = NAME
    return pack({name: data, f"EBDS_{name}": signed(data) if signature is None else signature, **more})


def test_sm3_gives_the_digest_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sm.sm3(b"abc").hex() == KNOWN["sm3_kat"]["digest"]
    monkeypatch.setattr(hashlib, "algorithms_available", set())
    assert sm.sm3(b"abc").hex() == KNOWN["sm3_kat"]["digest"]


def test_the_keys_and_certificates_of_the_trial_belong_together() -> None:
    assert sm.public_key(PRIVATE) == PUBLIC
    assert CA.hex() == KNOWN["test_ca"]["cert_hex"]
    platform = certificate_of(PLATFORM)
    assert (platform.serial, platform.issuer, platform.public) == (SERIAL, "000000000001", PUBLIC)
    assert (platform.year, platform.month) == (2031, 12)


def test_the_known_signature_is_read() -> None:
    found = read(message("ebm/ebm_valid_80_signature_2018.xml"))
    assert found.message is not None
    assert found.findings == ()
    assert (found.message.serial, found.message.time) == (SERIAL, KNOWN["test_signature"]["sig_time"])
    old = read(message("ebm/ebm_valid_81_signature_pre2018.xml"))
    assert old.codes == {"SIGNATURE_PRE2018"}
    assert old.valid


@needs_the_whole_set
def test_the_known_signatures_prove_the_file_they_were_made_for() -> None:
    assert WHOLE is not None
    files = unpack(message("ebm/ebm_tar_ok_ustar.tar", WHOLE))
    data = next(content for name, content in files.items() if name.startswith("EBDB"))
    for name in ("80_signature_2018", "81_signature_pre2018"):
        signature = read(message(f"ebm/ebm_valid_{name}.xml")).message
        assert signature is not None
        assert proves(signature, data, TRUST, NOW) is None
        assert proves(signature, data + b" ", TRUST, NOW) is not None


@needs_the_whole_set
def test_a_certificate_that_a_province_really_used_was_signed_by_its_ca() -> None:
    """Jiangsu 2017: public certificates, evidence that the construction is the real one. BCD validity."""
    assert WHOLE is not None
    real = json.loads((WHOLE / "ebm_signature_vectors.json").read_text("utf-8"))["real_jiangsu_2017"]
    certificates = [bytes.fromhex(real[name]) for name in ("ca_cert_hex", "platform_cert_hex")]
    trust = trusted(certificates[:1], certificates[1:])
    platform = trust.find("00000000090d")
    assert platform is not None
    assert (platform.year, platform.month) == (2045, 10)


def test_a_signature_proves_a_file_and_nothing_else() -> None:
    signature = SIGNER.sign(b"file", 7)
    assert proves(signature, b"file", TRUST, NOW) is None
    wrong = {
        "SIGNATURE_WRONG": [
            (replace(signature, time=8), b"file", NOW),
            (replace(signature, proof=bytes(64)), b"file", NOW),
            (replace(signature, proof=b"\xff" * 64), b"file", NOW),
            (replace(signature, proof=signature.proof[:63]), b"file", NOW),
            (signature, b"File", NOW),
            (replace(signature, serial="000000000001"), b"file", NOW),
        ],
        "SIGNATURE_UNKNOWN_CERTIFICATE": [(replace(signature, serial="00000000dead"), b"file", NOW)],
        "SIGNATURE_EXPIRED_CERTIFICATE": [(signature, b"file", NOW.replace(year=2032, month=1))],
    }
    for code, cases in wrong.items():
        for one, data, when in cases:
            found = proves(one, data, TRUST, when)
            assert found is not None
            assert found.code == code
    assert proves(signature, b"file", TRUST, NOW.replace(year=2031, month=12)) is None


@settings(deadline=None)
@given(st.binary(max_size=80), st.integers(0, 2**32 - 1))
def test_a_signature_file_says_the_same_when_read(proof: bytes, time: int) -> None:
    signature = Signature(EBD_ID, SERIAL, time, proof[:64].ljust(64, b"\1"))
    assert read(write(signature)).message == signature


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange_for_a_signature(data: bytes) -> None:
    assert read(data).message is None


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<SignatureValue>", "<SignatureValue>AAAA", "SIGNATURE_VALUE"),
        ("<SignatureValue>", "<SignatureValue>*", "SIGNATURE_VALUE"),
        ("SM2-SM3", "RSA", "SIGNATURE_ALGORITHM"),
        ("<CertSN>0000000f0001", "<CertSN>0000000f0002", "SIGNATURE_SERIAL"),
        ("<CertSN>0000000f0001", "<CertSN>one", "VALUE_NOT_ALLOWED"),
        ("<EBDID>", "<EBDID><b/>", "ELEMENT_UNEXPECTED"),
        ("Signature>", "Seal>", "NOT_SIGNATURE"),
    ],
)
def test_each_fault_of_a_signature_file_has_its_name(old: str, new: str, code: str) -> None:
    text = message("ebm/ebm_valid_80_signature_2018.xml").decode()
    assert code in read(text.replace(old, new).encode()).codes


def test_only_certificates_that_a_trusted_ca_signed_are_trusted() -> None:
    forged = PLATFORM[:7] + b"\0\0\0\0\0\7" + PLATFORM[13:]
    with pytest.raises(BadCertificate, match="000000000007"):
        trusted([CA], [forged])
    with pytest.raises(BadCertificate, match="143"):
        certificate_of(CA[:-1])
    with pytest.raises(BadCertificate, match="validity"):
        certificate_of(CA[:14] + b"\0" + CA[15:])
    with pytest.raises(BadCertificate, match="validity"):
        certificate_of(CA[:15] + b"\1" * 64 + CA[79:])


def test_certificates_are_found_in_a_folder_as_bytes_or_hex(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    with pytest.raises(BadCertificate, match=r"\.ca"):
        trust_of(folder)
    (folder / "a.ca").write_bytes(CA)
    (folder / "b.cert").write_text(PLATFORM.hex() + "\n")
    assert set(trust_of(folder).certificates) == {"000000000001", SERIAL}
    assert not trust_of(folder).trial
    assert trust_of(None).trial


# What comes in is judged in the order archive, business data, signature, content.


def test_a_signed_packet_is_received() -> None:
    got = receive(issue(), TRUST)
    assert got.findings == ()
    assert (got.result, got.valid) == (ResultCode.PARSED, True)
    assert got.packet == read_packet(ISSUE).message
    assert list(got.files) == [NAME, f"EBDS_{NAME}"]


def test_a_trial_certificate_is_said_to_prove_nothing() -> None:
    got = receive(issue(), trial_trust())
    assert [finding.code for finding in got.findings] == ["SIGNATURE_TRIAL"]
    assert got.valid


def with_file(digest: str, size: int = 3) -> bytes:
    auxiliary = (
        "<Auxiliary><AuxiliaryType>2</AuxiliaryType><AuxiliaryDesc>EBDR_a.mp3</AuxiliaryDesc>"
        f"<Size>{size}</Size><Digest>{digest}</Digest></Auxiliary></MsgContent>"
    )
    return ISSUE.decode().replace("</MsgContent>", auxiliary).encode()


DIGEST = sm.sm3(b"mp3")
AUDIO = {"EBDR_a.mp3": b"mp3"}


@pytest.mark.parametrize("digest", [DIGEST.hex(), DIGEST.hex().upper(), base64.b64encode(DIGEST).decode()])
def test_a_file_is_taken_when_its_digest_fits_in_hex_or_base64(digest: str) -> None:
    assert receive(issue(with_file(digest), **AUDIO), TRUST).valid


@pytest.mark.parametrize(
    ("data", "code", "result"),
    [
        (b"", "TAR_EMPTY", ResultCode.UNREADABLE),
        (sent(other__xml=b""), "EBDB_COUNT", ResultCode.UNREADABLE),
        (sent(EBDB_1__xml=b"", EBDB_2__xml=b""), "EBDB_COUNT", ResultCode.UNREADABLE),
        (sent(EBDB_1__xml=b"<EBD"), "XML_SYNTAX", ResultCode.UNREADABLE),
        (pack({"EBDB_1.xml": ISSUE}), "FILE_NAME", ResultCode.UNREADABLE),
        (
            pack({NAME: ISSUE.replace(b"<EventType>11B03</EventType>", b"")}),
            "ELEMENT_MISSING",
            ResultCode.INCOMPLETE,
        ),
        (pack({NAME: ISSUE}), "SIGNATURE_ABSENT", ResultCode.UNSIGNED),
        (issue(signature=b"<"), "SIGNATURE_UNREADABLE", ResultCode.UNSIGNED),
        (issue(signature=signed(b"another")), "SIGNATURE_WRONG", ResultCode.UNSIGNED),
        (issue(signature=signed(ISSUE, EBD_ID[:-1] + "2")), "SIGNATURE_OF_OTHER", ResultCode.UNSIGNED),
        (
            issue(signature=signed(ISSUE, serial="00000000dead")),
            "SIGNATURE_UNKNOWN_CERTIFICATE",
            ResultCode.UNSIGNED,
        ),
        (issue(with_file(DIGEST.hex())), "FILE_ABSENT", ResultCode.INCOMPLETE),
        (issue(with_file(DIGEST.hex(), 4), **AUDIO), "FILE_SIZE", ResultCode.INCOMPLETE),
        (issue(with_file("ab" * 32), **AUDIO), "FILE_DIGEST", ResultCode.INCOMPLETE),
        (issue(ISSUE.replace(b"10:35:00", b"09:30:00")), "END_BEFORE_START", ResultCode.OTHER),
    ],
)
def test_what_is_refused_has_its_code_and_its_result(data: bytes, code: str, result: ResultCode) -> None:
    got = receive(data, TRUST)
    assert code in [finding.code for finding in got.findings]
    assert got.result is result
    assert not got.valid


def test_a_stream_is_no_file_of_the_archive() -> None:
    data = with_file("").replace(b"<Digest></Digest>", b"").replace(b"<Size>3</Size>", b"")
    data = data.replace(b"<AuxiliaryType>2<", b"<AuxiliaryType>61<").replace(
        b"EBDR_a.mp3", b"rtp://239.1.1.1:5000"
    )
    assert receive(issue(data), TRUST).valid


def test_a_heart_beat_and_its_receipt_need_no_signature() -> None:
    for name in ("ebm_valid_23_response_to_heartbeat", "ebm_lenient_04_empty_related"):
        data = message(f"ebm/{name}.xml")
        packet = read_packet(data).message
        assert packet is not None
        assert receive(pack({f"EBDB_{packet.ebd_id}.xml": data}), TRUST).valid


def test_a_peer_may_be_allowed_to_send_unsigned() -> None:
    assert receive(pack({NAME: ISSUE}), TRUST, Profile(signature=False)).valid
    wrong = issue(signature=signed(b"another"))
    assert not receive(wrong, TRUST, Profile(signature=False)).valid


def test_what_we_write_sign_and_pack_is_received() -> None:
    packet = read_packet(ISSUE).message
    assert packet is not None
    data = write_packet(packet)
    assert receive(issue(data), TRUST).packet == packet


@needs_the_whole_set
@pytest.mark.parametrize(
    "record", [pytest.param(r, id=r["file"][8:-4]) for r in records(WHOLE, "ebm/ebm_tar")]
)
def test_an_archive_of_the_whole_set_gets_the_result_it_is_known_for(record: dict[str, str]) -> None:
    assert WHOLE is not None
    want = int(record["expected"].split("ResultCode ")[1][0])
    assert receive(message(record["file"], WHOLE), TRUST).result == want
