"""The topics of the platform and who may do what with them: asked for, made, granted."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from confluent_kafka.cimpl import NewTopic

from shared.bus.broker import Broker
from shared.bus.kafka import TIMEOUT, Ear, Unreachable, client, topic_name

ITERATIONS = 8192  # of a SCRAM password: 4,096 is the least that Kafka takes


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """`user` may do `right` (a word of Kafka's ACLs) with the topics or groups called `name`, or whose names begin so."""

    user: str
    right: str
    kind: str  # "topic" or "group"
    name: str
    prefix: bool = False


def rights(province: str, services: Sequence[str], readers: Iterable[str] = ()) -> list[Grant]:
    """Who may do what: least privilege for each service under a user of its own name, and for agencies that read along.

    A service writes, makes and reads its own topics, all that begin with `<province>.<service>.`, as its groups do, and reads the
    interagency topics of its siblings. A reader reads the public topics, in groups that begin with its own name and a dot.
    """
    found = []
    for one in services:
        own = f"{province}.{one}."
        found += [Grant(one, right, "topic", own, prefix=True) for right in ("CREATE", "READ", "WRITE")]
        found.append(Grant(one, "READ", "group", own, prefix=True))
        siblings = [topic_name(province, other, "interagency") for other in services if other != one]
        found += [Grant(one, "READ", "topic", topic) for topic in siblings]
    for reader in readers:
        found += [Grant(reader, "READ", "topic", topic_name(province, one, "public")) for one in services]
        found.append(Grant(reader, "READ", "group", f"{reader}.", prefix=True))
    return found


class Topics:
    """Asks for topics, makes them, says who may use them."""

    def __init__(self, broker: Broker) -> None:
        self._ear = Ear()
        self._admin = AdminClient(client(broker, self._ear))

    def id(self, name: str) -> str | None:
        """The broker's id of a topic, another one for a topic that was deleted and made again; None when it is not there."""
        found = self._admin.describe_topics(TopicCollection([name]), request_timeout=TIMEOUT)[name]
        try:
            return str(self._answer(name, found).topic_id)
        except KafkaException:
            return None

    def _answer(self, name: str, asked: Future[Any], otherwise: int = KafkaError.UNKNOWN_TOPIC_OR_PART) -> Any:
        """What came of a question about a topic. Raises Unreachable, and KafkaException for the error that is an answer."""
        try:
            found = asked.result(TIMEOUT + 1)
        except (KafkaException, TimeoutError) as error:
            code = error.args[0] if isinstance(error, KafkaException) else None
            if code is not None and code.code() == otherwise:
                raise
            self._admin.poll(0)
            raise Unreachable(f"{name}: {self._ear.why(code)}") from error
        self._admin.poll(0)
        self._ear.heard = ""
        return found

    def ensure(self, name: str) -> str:
        """The id of a topic, made when absent: one partition, kept for ever, never compacted."""
        known = self.id(name)
        if known is not None:
            return known
        kept = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
        wanted = NewTopic(name, num_partitions=1, replication_factor=-1, config=kept)
        making = self._admin.create_topics([wanted], request_timeout=TIMEOUT)[name]
        with contextlib.suppress(KafkaException):
            self._answer(name, making, KafkaError.TOPIC_ALREADY_EXISTS)
        deadline = time.monotonic() + TIMEOUT
        while (made := self.id(name)) is None:
            if time.monotonic() > deadline:
                raise Unreachable(f"{name}: the topic is still being made")
            time.sleep(0.05)
        return made

    def grant(self, wanted: Sequence[Grant]) -> None:
        """Let the users of these grants do this and nothing else; other users stay as they are. Raises Unreachable."""
        bindings = {_binding(one) for one in wanted}
        for user in sorted({one.user for one in wanted}):
            there = self._answer(user, self._admin.describe_acls(_of(user), request_timeout=TIMEOUT))
            unwanted = [_only(one) for one in there if one not in bindings]
            if unwanted:
                self._all(user, self._admin.delete_acls(unwanted, request_timeout=TIMEOUT))
        self._all("grants", self._admin.create_acls(sorted(bindings, key=str), request_timeout=TIMEOUT))

    def set_password(self, user: str, password: str) -> None:
        """Make a user, or give it another password; whoever is connected stays so. Raises Unreachable."""
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS)
        change = UserScramCredentialUpsertion(user, info, password.encode())
        self._all(user, self._admin.alter_user_scram_credentials([change], request_timeout=TIMEOUT))

    def _all(self, name: str, asked: dict[Any, Future[Any]]) -> None:
        for future in asked.values():
            self._answer(name, future)


def _binding(one: Grant) -> AclBinding:
    kind = ResourceType.TOPIC if one.kind == "topic" else ResourceType.GROUP
    pattern = ResourcePatternType.PREFIXED if one.prefix else ResourcePatternType.LITERAL
    return AclBinding(kind, one.name, pattern, f"User:{one.user}", "*", AclOperation[one.right], AclPermissionType.ALLOW)


def _of(user: str) -> AclBindingFilter:
    """The filter that finds every rule about this user; None stands for any name and any host."""
    anything: Any = None
    return AclBindingFilter(
        ResourceType.ANY, anything, ResourcePatternType.ANY, f"User:{user}", anything, AclOperation.ANY, AclPermissionType.ANY
    )


def _only(one: AclBinding) -> AclBindingFilter:
    """The filter that finds this rule and no other."""
    return AclBindingFilter(
        one.restype, one.name, one.resource_pattern_type, one.principal, one.host, one.operation, one.permission_type
    )
