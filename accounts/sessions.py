"""Sessions in the database, as Django keeps them; read without building a query and a row object for each request."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connections, router
from django.utils import timezone


class SessionStore(DatabaseStore):
    def load(self) -> dict:
        """What the session holds; of one that is unknown or over nothing, and its key is given up."""
        found = self._read() if self.session_key else None
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found)

    def _read(self) -> str | None:
        using = router.db_for_read(self.model)
        with connections[using].cursor() as cursor:
            cursor.execute(
                f"SELECT session_data FROM {self.model._meta.db_table}"
                " WHERE session_key = %s AND expire_date > %s",
                [self.session_key, timezone.now()],
            )
            row = cursor.fetchone()
        return row[0] if row else None
