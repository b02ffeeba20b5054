"""Personal data: a key per subject, ciphertext everywhere else (UU 27/2022)."""

from shared.privacy.fields import reveal, seal
from shared.privacy.keys import KeyStore

__all__ = ["KeyStore", "reveal", "seal"]
