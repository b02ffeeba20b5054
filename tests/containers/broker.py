"""Kafka in the compose file lets in who says who he is, and each service does what its table says: no more, under load too."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from shared.bus.feed import VIEWS
from shared.bus.kafka import topic_name
from tests.containers.faults import settled
from tests.containers.load import Load
from tests.containers.stack import SERVICES, Stack, run

# Said inside a worker's container, with its own settings; SERVICE and the topics are the program's arguments.
KNOWN = """
import json, sys
from confluent_kafka import Producer
from shared.bus.broker import Broker, broker
from shared.bus.kafka import Ear, Tail, Unreachable, client
from shared.bus.topics import Topics
from shared.settings import load
who = broker(load(), sys.argv[1])
"""
WRITE = """
refused = {}
producer = Producer(client(who, Ear()))
for topic in sys.argv[2:]:
    producer.produce(topic, b"x", on_delivery=lambda error, m: refused.update({m.topic(): error and error.name()}))
producer.flush(20)
print(json.dumps(refused))
"""
READ = """
held = []
for topic in sys.argv[2:]:
    try:
        Tail(who, topic, 0).close()
        held.append(topic)
    except Unreachable as error:
        assert "_UNKNOWN_PARTITION" in str(error), error
print(json.dumps(held))
"""
# A topic of a service that nobody has; no name at all; the name of another, with one's own password; a password that is guessed.
ASK = """
from dataclasses import replace
others = {
    "foreign topic": lambda: Topics(who).ensure("32.nobody.public.v1"),
    "no name": lambda: Topics(Broker(who.addresses)).id(sys.argv[2]),
    "sibling's name": lambda: Topics(replace(who, options=who.options | {"sasl.username": sys.argv[3]})).id(sys.argv[2]),
    "guessed": lambda: Topics(replace(who, options=who.options | {"sasl.password": "guessed"})).id(sys.argv[2]),
}
said = {}
for name, ask in others.items():
    try:
        said[name] = f"let in: {ask()}"
    except Unreachable as error:
        said[name] = str(error)
print(json.dumps(said))
"""


def topics(service: str) -> list[str]:
    return [topic_name("32", service, view) for view in VIEWS]


def said(stack: Stack, service: str, program: str, *words: str) -> Any:
    """What a program prints that a service's worker could run, too."""
    return json.loads(stack.inside(f"{service}-worker", "python", "-c", KNOWN + program, service, *words))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_no_topic_of_a_sibling_and_reads_what_siblings_are_told(stack: Stack, service: str) -> None:
    """That it writes its own, and that siblings read it, is what every other test here rests upon."""
    foreign = [topic for other in SERVICES if other != service for topic in topics(other)]
    assert said(stack, service, WRITE, *foreign) == dict.fromkeys(foreign, "TOPIC_AUTHORIZATION_FAILED")
    mine = [topic for topic in foreign if ".interagency." in topic] + topics(service)
    assert sorted(said(stack, service, READ, *foreign, *topics(service))) == sorted(mine)


def test_nobody_is_let_in_who_does_not_say_who_he_is(stack: Stack) -> None:
    told = said(stack, "forum", ASK, topics("forum")[0], "membership")
    assert "TOPIC_AUTHORIZATION_FAILED" in told.pop("foreign topic")
    assert "_TIMED_OUT" in told.pop("no name"), "the broker hangs up, and says nothing"
    assert told.keys() == {"sibling's name", "guessed"}
    assert all("invalid credentials" in words for words in told.values()), told


def test_where_the_broker_asks_nobody_it_is_reached_from_its_own_container_alone(stack: Stack) -> None:
    ask = "import socket; socket.create_connection(('kafka', {}), 5)"
    stack.inside("forum-worker", "python", "-c", ask.format(9092))
    for port in (9093, 9094):
        with pytest.raises(AssertionError, match="Connection refused"):
            stack.inside("forum-worker", "python", "-c", ask.format(port))


def test_a_password_at_the_broker_is_changed_under_load(stack: Stack) -> None:
    """As deploy/README.md says; the old one is worth nothing afterwards."""
    file = stack.folder / "secrets" / "membership_bus_password"
    old = file.read_text()
    with Load(stack) as load:
        time.sleep(1)
        file.unlink()
        run("deploy/prepare", str(file.parent))
        stack.compose("run", "--rm", "-T", "topics")
        stack.compose("up", "--no-build", "--detach", "--wait", "--no-deps", "--force-recreate", "membership-worker")
        time.sleep(1)
    assert file.read_text() != old
    settled(stack, load, "another password at the broker")
    program = "from dataclasses import replace\n" + (
        "try:\n print(json.dumps(Topics(replace(who, options=who.options | {'sasl.password': sys.argv[3]})).id(sys.argv[2])))\n"
        "except Unreachable as error:\n print(json.dumps(str(error)))"
    )
    assert "invalid credentials" in said(stack, "membership", program, topics("membership")[0], old.strip())


def test_a_broker_that_lost_everything_is_filled_anew(stack: Stack) -> None:
    """Its volume is gone, with topics, users and rights: the next `up` brings them back, and relays publish every fact."""
    with Load(stack) as load:
        stack.compose("rm", "--stop", "--force", "kafka", "topics")
        run("docker", "volume", "rm", f"{stack.name}_kafka")
        took = stack.up()
        time.sleep(1)
    settled(stack, load, f"broker with an empty volume: up again after {took:.1f} s")
