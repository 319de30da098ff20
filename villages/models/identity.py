"""An identity number on a row: sealed, with a keyed hash to find it by. Never a column in clear."""

from django.db import models

from accounts import sealing

from .. import identity

PURPOSE = "identity_number"


def sealed_fields(number: str) -> dict[str, str]:
    """What a row stores of a normalised number; an empty number clears it."""
    return {
        "identity_sealed": sealing.seal(number, purpose=PURPOSE),
        "identity_hash": identity_hash(number),
    }


def identity_hash(text: str) -> str:
    """What a row with this number, typed as it may be, carries in `identity_hash`."""
    return sealing.keyed_hash(identity.normalised(text), purpose=PURPOSE)


def masked_number(sealed: str) -> str:
    """A sealed number as it may be shown; where the key is not the one it was sealed with, only that it is recorded."""
    try:
        return identity.masked(sealing.unseal(sealed, purpose=PURPOSE))
    except sealing.CannotUnseal:
        return "已登记（无法解密）"


class HasIdentity(models.Model):
    identity_sealed = models.CharField("身份证号（加密）", max_length=200, blank=True)
    identity_hash = models.CharField("身份证号（检索码）", max_length=64, blank=True)

    class Meta:
        abstract = True

    @property
    def identity_masked(self) -> str:
        return masked_number(self.identity_sealed)
