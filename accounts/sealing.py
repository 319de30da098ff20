"""Personal data at rest: sealed with a key that lives outside the database, searched by a keyed hash.

A sealed text names its cipher before the first dot (`a1.…`), so that another cipher can be added to CIPHERS and the
texts of the old one stay readable. Keys are derived from settings.DATA_KEY, one per use and purpose: what was sealed
or hashed for one purpose neither opens nor matches under another. No Django model here: a model stores the strings.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class CannotUnseal(Exception):
    """The text was sealed with another key or for another purpose, or it was changed. Says nothing of its content."""


class Cipher(Protocol):
    """An authenticated cipher: `context` is not stored, and must be the same when opening."""

    def seal(self, key: bytes, plain: bytes, context: bytes) -> bytes: ...

    def unseal(self, key: bytes, sealed: bytes, context: bytes) -> bytes: ...


@dataclass(frozen=True)
class AesGcm:
    """AES-256 in Galois/counter mode; a fresh random nonce of 12 bytes stands before the ciphertext."""

    nonce_bytes: int = 12

    def seal(self, key: bytes, plain: bytes, context: bytes) -> bytes:
        nonce = os.urandom(self.nonce_bytes)
        return nonce + AESGCM(key).encrypt(nonce, plain, context)

    def unseal(self, key: bytes, sealed: bytes, context: bytes) -> bytes:
        nonce, rest = sealed[: self.nonce_bytes], sealed[self.nonce_bytes :]
        try:
            return AESGCM(key).decrypt(nonce, rest, context)
        except (InvalidTag, ValueError):
            raise CannotUnseal("cannot be opened with this key for this purpose") from None


#: What stands before the dot → how to open. New texts are sealed with CURRENT.
CIPHERS: dict[str, Cipher] = {"a1": AesGcm()}
CURRENT = "a1"


def seal(text: str, *, purpose: str) -> str:
    """The sealed text, different each time; an empty text stays empty, so that "not recorded" needs no key."""
    if not text:
        return ""
    sealed = CIPHERS[CURRENT].seal(_key("seal", purpose), text.encode(), purpose.encode())
    return f"{CURRENT}.{base64.urlsafe_b64encode(sealed).decode()}"


def unseal(sealed: str, *, purpose: str) -> str:
    """What was sealed. Raises CannotUnseal."""
    if not sealed:
        return ""
    name, _, body = sealed.partition(".")
    if name not in CIPHERS:
        raise CannotUnseal(f"no cipher is called {name[:8]!r}")
    try:
        raw = base64.b64decode(body, altchars=b"-_", validate=True)
    except ValueError:
        raise CannotUnseal("not a sealed text") from None
    return CIPHERS[name].unseal(_key("seal", purpose), raw, purpose.encode()).decode()


def keyed_hash(text: str, *, purpose: str) -> str:
    """64 hexadecimal characters, the same for the same text, key and purpose: to find and compare without opening.

    Without the key a list of all possible texts is no help; an empty text has an empty hash.
    """
    return (
        hmac.new(_key("hash", purpose), text.encode(), hashlib.sha256).hexdigest() if text else ""
    )


def _key(use: str, purpose: str) -> bytes:
    """32 bytes for one use of one purpose, derived from the installation's key."""
    label = f"{use}\0{purpose}".encode()
    return hmac.new(bytes.fromhex(settings.DATA_KEY), label, hashlib.sha256).digest()
