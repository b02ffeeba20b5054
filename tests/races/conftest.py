"""The databases of these tests."""

from tests.store.fixtures import bank, clock, kind, new_place, place, used_places

__all__ = ["bank", "clock", "kind", "new_place", "place", "used_places"]
