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


#: What a record's own key is sealed for.
RECORD_KEY = "record_key"


def new_key() -> str:
    """A fresh random key of one record, sealed with the installation's key. Destroying this string destroys whatever was
    sealed under it, in every copy made meanwhile."""
    return seal(os.urandom(32).hex(), purpose=RECORD_KEY)


def seal_under(key: str, plain: bytes, *, purpose: str) -> bytes:
    """Seal bytes under a record's key, as new_key() gave it. Raises CannotUnseal (the key is gone or another's)."""
    cipher = CIPHERS[CURRENT]
    return CURRENT.encode() + b"." + cipher.seal(_opened(key), plain, purpose.encode())


def unseal_under(key: str, sealed: bytes, *, purpose: str) -> bytes:
    """The bytes sealed under a record's key. Raises CannotUnseal."""
    name, _, body = sealed.partition(b".")
    cipher = CIPHERS.get(name.decode("ascii", "replace"))
    if cipher is None:
        raise CannotUnseal("not sealed by a known cipher")
    return cipher.unseal(_opened(key), body, purpose.encode())


def seal_text_under(key: str, text: str, *, purpose: str) -> str:
    """seal_under for a text; an empty text stays empty."""
    if not text:
        return ""
    sealed = seal_under(key, text.encode(), purpose=purpose)
    return base64.urlsafe_b64encode(sealed).decode()


def unseal_text_under(key: str, sealed: str, *, purpose: str) -> str:
    """The text sealed under a record's key. Raises CannotUnseal."""
    if not sealed:
        return ""
    try:
        raw = base64.b64decode(sealed, altchars=b"-_", validate=True)
    except ValueError:
        raise CannotUnseal("not a sealed text") from None
    return unseal_under(key, raw, purpose=purpose).decode()


def _opened(key: str) -> bytes:
    if not key:
        raise CannotUnseal("the record's key is gone")
    return bytes.fromhex(unseal(key, purpose=RECORD_KEY))


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
