"""The store: one log of facts per service, with its read models, timers and command records in the same transactions."""

from shared.store.log import Incarnation, Store, open_store
from shared.store.recorded import Recorded
from shared.store.session import Database, Session, open_database

__all__ = ["Database", "Incarnation", "Recorded", "Session", "Store", "open_database", "open_store"]
