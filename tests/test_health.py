"""The readiness page."""

import pytest

from config import health


@pytest.mark.django_db
def test_healthz_ready(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_healthz_names_the_broker_that_is_down(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = client.get("/healthz")

    assert response.status_code == 503
    assert list(response.json()["problems"]) == ["broker"]


@pytest.mark.django_db
def test_healthz_names_waiting_migrations(client, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: [("x", False)])

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["problems"] == {"migrations": "有 1 个数据库迁移未执行"}
