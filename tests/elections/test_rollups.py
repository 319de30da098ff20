"""Higher apps are told of changed townships, once for each in bulk work."""

import pytest

from elections import rollups
from tests.factories.elections import START, moment

AT = moment(START)
CALLS: list = []


def note(**facts) -> None:
    CALLS.append(facts)


@pytest.fixture(autouse=True)
def calls(settings, monkeypatch):
    settings.ROLLUPS = ["noted"]
    monkeypatch.setattr(rollups, "import_string", lambda path: note)
    CALLS.clear()
    return CALLS


def test_refresh_tells_at_once(calls):
    rollups.refresh(campaign_id=1, township_ids={2}, at=AT)

    assert calls == [{"campaign_id": 1, "township_ids": {2}, "at": AT}]


def test_deferred_tells_each_campaign_once_at_the_end(calls):
    with rollups.deferred(at=AT):
        for township in (2, 3, 2):
            rollups.refresh(campaign_id=1, township_ids={township}, at=AT)
        rollups.refresh(campaign_id=9, township_ids={5}, at=AT)
        assert calls == []

    assert calls == [
        {"campaign_id": 1, "township_ids": {2, 3}, "at": AT},
        {"campaign_id": 9, "township_ids": {5}, "at": AT},
    ]


def test_failed_bulk_work_tells_nobody(calls):
    with pytest.raises(ZeroDivisionError), rollups.deferred(at=AT):
        rollups.refresh(campaign_id=1, township_ids={2}, at=AT)
        raise ZeroDivisionError
    rollups.refresh(campaign_id=1, township_ids={3}, at=AT)

    assert [c["township_ids"] for c in calls] == [{3}]
