"""The readiness page `/healthz`: is everything a request or a job needs there?"""

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

BROKER_TIMEOUT_SECONDS = 2


def database_problem() -> str | None:
    """A sentence if the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"数据库不可用：{type(error).__name__}"
    return None


def migrations_problem() -> str | None:
    """A sentence if migrations are waiting to be applied. Call only when the database answers."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"有 {len(waiting)} 个数据库迁移未执行" if waiting else None


def broker_problem() -> str | None:
    """A sentence if the task broker does not answer within two seconds."""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
        socket_timeout=BROKER_TIMEOUT_SECONDS,
    )
    try:
        client.ping()
    except redis.RedisError as error:
        return f"任务队列不可用：{type(error).__name__}"
    finally:
        client.close()
    return None


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when ready; otherwise 503 and a JSON object naming what is not."""
    problems = {"database": database_problem(), "broker": broker_problem()}
    if problems["database"] is None:
        problems["migrations"] = migrations_problem()
    failing = {name: problem for name, problem in problems.items() if problem}
    if failing:
        body = {"status": "unavailable", "problems": failing}
        return JsonResponse(body, status=503, json_dumps_params={"ensure_ascii": False})
    return JsonResponse({"status": "ok"})
