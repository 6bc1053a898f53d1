"""The Helm chart, rendered by Helm itself: probes that mean it, nothing privileged, no name that is none."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from app.config import Settings
from tests.peers import program
from tests.zygote import ROOT

CHART = ROOT / "deploy" / "helm" / "zhishou"
NEEDED = {
    "image.name": "zhishou",
    "broker.image": "mosquitto",
    "broker.secret": "zhishou-broker",
    "ingress.host": "desk.example",
    "ingress.tlsSecret": "desk-tls",
}


def helm(*words: str, **values: str) -> subprocess.CompletedProcess[str]:
    told = [word for name, value in {**NEEDED, **values}.items() for word in ("--set", f"{name}={value}")]
    command = [program("helm"), *words, str(CHART), *told, "--set-string", "stream=990181"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def rendered(**values: str) -> dict[tuple[str, str], Any]:
    said = helm("template", "zs", "--kube-version", "1.30.0", **values)
    assert said.returncode == 0, said.stderr
    found = [one for one in yaml.safe_load_all(said.stdout) if one]
    named = {(one["kind"], one["metadata"]["name"]): one for one in found}
    assert len(named) == len(found)  # none twice
    return named


@pytest.fixture(scope="module")
def manifests() -> dict[tuple[str, str], Any]:
    return rendered()


def pods(manifests: dict[tuple[str, str], Any]) -> Iterator[dict[str, Any]]:
    for (kind, _), one in manifests.items():
        if kind == "StatefulSet":
            yield one["spec"]["template"]


def test_the_chart_is_clean_to_helm_itself() -> None:
    said = helm("lint", "--strict")
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"image.name": ""}, "image.name"),
        ({"ingress.host": ""}, "ingress.host"),
        ({"broker.secret": ""}, "broker.secret"),
        ({"database.cloudNativePG": "false"}, "database.existingSecret"),
        ({"settings.PASSWORD": "x"}, "settings"),
        ({"typo": "1"}, "typo"),
        ({"leaveSeconds": "40"}, "graceSeconds must be more"),
        ({"dataSize": "much"}, "dataSize"),
    ],
)
def test_values_that_cannot_be_meant_are_refused_by_name(wrong: dict[str, str], named: str) -> None:
    said = helm("template", "zs", "--kube-version", "1.30.0", **wrong)
    assert said.returncode != 0 and named in said.stderr, said.stderr


def test_probes_ask_what_they_are_there_for(manifests: dict[tuple[str, str], Any]) -> None:
    node = manifests["StatefulSet", "zs-node"]["spec"]["template"]["spec"]
    (serves,) = node["containers"]
    asked = {name: serves[name]["httpGet"]["path"] for name in serves if name.endswith("Probe")}
    assert asked == {
        "startupProbe": "/api/alive",
        "livenessProbe": "/api/alive",  # never the database: restarting nodes does not bring it back
        "readinessProbe": "/api/ready",
    }
    known = json.loads((ROOT / "docs/openapi.json").read_text())["paths"]
    assert set(asked.values()) <= set(known)
    ready = serves["readinessProbe"]
    leaves = next(int(one["value"]) for one in serves["env"] if one["name"] == "ZHISHOU_LEAVE_S")
    # It is known to leave before it goes, and goes before it is killed.
    assert leaves > ready["periodSeconds"] * ready["failureThreshold"] + ready["timeoutSeconds"]
    assert node["terminationGracePeriodSeconds"] > leaves + 10
    assert [one["args"] for one in node["initContainers"]] == [["migrate"]]


def test_nothing_runs_as_root_writes_its_root_or_talks_to_the_cluster(
    manifests: dict[tuple[str, str], Any],
) -> None:
    found = list(pods(manifests))
    assert len(found) == 2
    for pod in found:
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in [*spec["containers"], *spec.get("initContainers", [])]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            mounted = {one["name"] for one in container["volumeMounts"]}
            offered = {one["name"] for one in spec["volumes"]} | {"data"}
            assert mounted <= offered
            assert container["resources"]["limits"]["memory"]


def test_only_settings_that_exist_are_set_and_secrets_come_as_files(
    manifests: dict[tuple[str, str], Any],
) -> None:
    node = manifests["StatefulSet", "zs-node"]["spec"]["template"]["spec"]
    for container in (*node["containers"], *node["initContainers"]):
        names = {one["name"].removeprefix("ZHISHOU_").lower() for one in container["env"]}
        assert names <= set(Settings.model_fields)
    (secrets,) = [one["projected"]["sources"] for one in node["volumes"] if "projected" in one]
    files = {item["path"] for source in secrets for item in source["secret"]["items"]}
    assert files == {"database_url", "zhishou_mqtt_url"}


def test_selectors_find_the_pods_and_two_nodes_never_share_a_machine(
    manifests: dict[tuple[str, str], Any],
) -> None:
    labels = [pod["metadata"]["labels"] for pod in pods(manifests)]
    for (kind, name), one in manifests.items():
        if kind == "Service" and name != "zs-closed":
            assert sum(one["spec"]["selector"].items() <= label.items() for label in labels) == 1, name
    node = manifests["StatefulSet", "zs-node"]["spec"]
    (apart,) = node["template"]["spec"]["affinity"]["podAntiAffinity"][
        "requiredDuringSchedulingIgnoredDuringExecution"
    ]
    wanted = node["selector"]["matchLabels"]
    assert apart["labelSelector"]["matchLabels"] == wanted
    assert manifests["PodDisruptionBudget", "zs-node"]["spec"] == {
        "maxUnavailable": 1,
        "selector": {"matchLabels": wanted},
    }
    for (kind, name), one in manifests.items():
        if kind == "NetworkPolicy":
            chosen = one["spec"]["podSelector"]["matchLabels"]
            cluster = {"cnpg.io/cluster": "zs-database"}
            assert chosen == cluster or any(chosen.items() <= label.items() for label in labels), name


def test_the_broker_is_that_of_the_containers(manifests: dict[tuple[str, str], Any]) -> None:
    told = manifests["ConfigMap", "zs-broker"]["data"]
    for name in ("mosquitto.conf", "mosquitto.acl"):
        ours = (ROOT / "deploy/container" / name).read_text().splitlines()
        theirs = told[name].splitlines()
        assert _said(ours) == _said(theirs)


def _said(lines: list[str]) -> list[str]:
    return [line for line in lines if line and not line.startswith("#")]


def test_another_database_and_no_broker_leave_nothing_of_ours_behind() -> None:
    told = rendered(
        **{
            "database.cloudNativePG": "false",
            "database.existingSecret": "theirs",
            "broker.enabled": "false",
            "ingress.enabled": "false",
        }
    )
    kinds = sorted(kind for kind, _ in told)
    assert kinds == ["NetworkPolicy", "PodDisruptionBudget", *["Service"] * 3, "StatefulSet"]
    volumes = told["StatefulSet", "zs-node"]["spec"]["template"]["spec"]["volumes"]
    (sources,) = [one["projected"]["sources"] for one in volumes if "projected" in one]
    assert [one["secret"]["name"] for one in sources] == ["theirs"]
