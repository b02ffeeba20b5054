"""Topics, rights and mirrors at the broker are those of the code, and of one province."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from shared.bus.kafka import topic_name
from shared.bus.topics import rights
from tests.kubernetes.manifests import PLATFORMS, SERVICES, Object, kustomized, of_kind, overlay
from tests.realparts.parts import CHECKOUT

WITH_STRIMZI = pytest.mark.parametrize("name", PLATFORMS[1:])
VIEWS = ("interagency", "public")


@WITH_STRIMZI
def test_each_topic_of_the_code_is_declared_as_the_code_would_make_it(name: str) -> None:
    found = {one["spec"]["topicName"]: one["spec"] for one in of_kind(overlay(name), "KafkaTopic").values()}
    ours = {topic for topic in found if topic.startswith("32.")}
    assert ours == {topic_name("32", service, view) for service in SERVICES for view in VIEWS}
    for topic, spec in found.items():
        assert spec["partitions"] == 1, topic
        assert {key: spec["config"][key] for key in ("retention.ms", "retention.bytes", "cleanup.policy")} == {
            "retention.ms": -1,
            "retention.bytes": -1,
            "cleanup.policy": "delete",
        }, topic


def granted(user: Object) -> set[tuple[str, str, str, bool]]:
    """(right, kind, name, by prefix) of a KafkaUser."""
    acls = user["spec"]["authorization"]["acls"]
    assert all(one.get("type", "allow") == "allow" for one in acls)
    return {
        (right.upper(), one["resource"]["type"], one["resource"]["name"], one["resource"]["patternType"] == "prefix")
        for one in acls
        for right in one["operations"]
    }


@WITH_STRIMZI
def test_services_and_peers_may_do_what_the_code_says_and_no_more(name: str) -> None:
    """The table in shared/bus/topics.py, which is tried on a real broker; topics are made by Strimzi here, by nobody else."""
    users = of_kind(overlay(name), "KafkaUser")
    peers = [user for user in users if user.startswith("peer-")]
    assert peers == (["peer-33"] if name == "federation" else [])
    wanted = [one for one in rights("32", SERVICES, peers) if one.right != "CREATE"]
    for user in (*SERVICES, *peers):
        assert granted(users[user]) == {(one.right, one.kind, one.name, one.prefix) for one in wanted if one.user == user}


def test_a_mirror_takes_in_the_public_topics_of_its_peer_and_nothing_else() -> None:
    objects = overlay("federation")
    (mirror,) = of_kind(objects, "KafkaMirrorMaker2").values()
    assert mirror["spec"]["target"]["alias"] == "32"
    declared = {one["spec"]["topicName"] for one in of_kind(objects, "KafkaTopic").values()}
    written = {"__mirror."}
    for one in mirror["spec"]["mirrors"]:
        peer, config = one["source"]["alias"], one["sourceConnector"]["config"]
        assert peer != "32"
        assert one["topicsPattern"] == rf"{peer}\.({'|'.join(SERVICES)})\.public\.v1"
        taken = {topic_name(peer, service, "public") for service in SERVICES}
        assert {topic for topic in declared if re.fullmatch(one["topicsPattern"], topic)} == taken
        others = (topic_name(peer, "forum", "interagency"), topic_name("32", "forum", "public"), f"{peer}.forum.public.v1.x")
        assert not [other for other in others if re.fullmatch(one["topicsPattern"], other)]
        assert config["replication.policy.class"].endswith(".IdentityReplicationPolicy")
        assert not {"checkpointConnector", "heartbeatConnector"} & set(one)
        written |= taken
    allowed = granted(of_kind(objects, "KafkaUser")["mirror"])
    assert {name for right, kind, name, _ in allowed if kind == "topic" and right == "WRITE"} == written


def test_another_province_has_topics_rights_and_mirrors_of_its_own(tmp_path: Path) -> None:
    """By one line in the overlay's settings."""
    copy = tmp_path / "deploy"
    shutil.copytree(CHECKOUT / "deploy", copy, ignore=shutil.ignore_patterns("secrets", "offline"))
    file = copy / "kubernetes" / "overlays" / "province" / "kustomization.yaml"
    file.write_text(file.read_text("utf-8").replace("PKP_PROVINCE=32", "PKP_PROVINCE=73"))
    objects = kustomized(copy / "kubernetes" / "overlays" / "federation")
    names = {one["spec"]["topicName"] for one in of_kind(objects, "KafkaTopic").values()}
    users = of_kind(objects, "KafkaUser")
    names |= {name for user in users.values() for _, _, name, _ in granted(user)}
    assert not [name for name in names if name.startswith("32.")]
    assert {topic_name("73", service, view) for service in SERVICES for view in VIEWS} < names
    assert {("READ", "topic", topic_name("73", one, "public"), False) for one in SERVICES} < granted(users["peer-33"])
    assert of_kind(objects, "KafkaMirrorMaker2")["mirror"]["spec"]["target"]["alias"] == "73"
