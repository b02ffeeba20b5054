"""Operating the platform: commands, health, metrics, logs."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


def version() -> str:
    """The platform's version, "0" where it runs uninstalled from its sources."""
    try:
        return installed("pokja-pkp")
    except PackageNotFoundError:
        return "0"
