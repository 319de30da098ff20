"""Opening the vault: who complained. What is opened is handed to one page and stored nowhere."""

import json
from datetime import datetime

from django.db import transaction

from accounts import sealing
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem

from ..models import Complaint, IdentityAccess, ReporterIdentity
from ..permissions import check_can_open_identity
from .intake import IDENTITY, Reporter, recorded


def open_identity(*, complaint: Complaint, reason: str, by: User, at: datetime) -> Reporter:
    """Who complained, for the named handler with a reason. That it was asked is written and committed before anything is
    opened; for an anonymous complaint the answer is an empty Reporter.

    Raises Forbidden (the same words whether or not an identity is kept), Refused (no reason).
    """
    check_can_open_identity(by, complaint)
    if not reason.strip():
        raise Refused(Problem("reason", "请填写查看反映人身份的理由。"))
    with transaction.atomic(durable=True):
        IdentityAccess.objects.create(
            complaint_number=complaint.number, by=by, at=at, reason=reason.strip()[:500]
        )
        recorded(complaint, "complaint.identity_opened", by=by, at=at)
    row = ReporterIdentity.objects.filter(complaint=complaint).first()
    if row is None or not row.key_sealed:
        return Reporter()
    text = sealing.unseal_text_under(row.key_sealed, row.sealed, purpose=IDENTITY)
    return Reporter(**json.loads(text))
