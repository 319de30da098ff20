"""Who sees the rows about people standing for office."""

from elections.querysets import OfElectionQuerySet

from .enums import CorrectionStatus


class CorrectionQuerySet(OfElectionQuerySet):
    def pending(self):
        return self.filter(status=CorrectionStatus.PENDING)

    def approved(self):
        return self.filter(status=CorrectionStatus.APPROVED)
