"""Many rows of one model in few statements: COPY for new ones, COPY and one UPDATE for changed ones.

For the services of the apps, inside their transaction. Constraints of the database hold; `save()` is not called.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection, models

_IN_ARRAY = str.maketrans({"\\": "\\\\", '"': '\\"'})
_ESCAPE = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _text(value: object) -> str:
    """One value in COPY's text format."""
    if type(value) is str:
        return value if value.isalnum() else value.translate(_ESCAPE)
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        words = (str(word).translate(_IN_ARRAY) for word in value)
        return ("{" + ",".join(f'"{word}"' for word in words) + "}").translate(_ESCAPE)
    return str(value).translate(_ESCAPE)


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Primary keys for rows about to be copied in, from the model's own sequence."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [number for (number,) in cursor.fetchall()]


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]], tail="") -> None:
    quote = connection.ops.quote_name
    text = "".join("\t".join(map(_text, row)) + tail + "\n" for row in rows)
    if not text:
        return
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(
            f"COPY {quote(table)} ({', '.join(map(quote, columns))}) FROM STDIN", io.StringIO(text)
        )


def _columns(model: type[models.Model], names: Sequence[str]) -> list[str]:
    return [model._meta.get_field(name).column for name in names]


def copy_in(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert rows given as the values of the fields `names`; every other field takes its default."""
    others = [
        f
        for f in model._meta.concrete_fields
        if f.name not in names and f.attname not in names and not f.primary_key
    ]
    tail = "".join(f"\t{_text(f.get_db_prep_save(f.get_default(), connection))}" for f in others)
    columns = [*_columns(model, names), *(f.column for f in others)]
    _copy(model._meta.db_table, columns, rows, tail)


def copy_update(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Set the fields `names` of existing rows; each row is its primary key followed by the values."""
    quote = connection.ops.quote_name
    table, pk = quote(model._meta.db_table), quote(model._meta.pk.column)
    columns = _columns(model, names)
    listed = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE copy_update ON COMMIT DROP AS SELECT {pk}, {listed} FROM {table} LIMIT 0"
        )
        _copy("copy_update", [model._meta.pk.column, *columns], rows)
        assignments = ", ".join(f"{quote(c)} = n.{quote(c)}" for c in columns)
        cursor.execute(
            f"UPDATE {table} SET {assignments} FROM copy_update n WHERE {table}.{pk} = n.{pk}"
        )
        cursor.execute("DROP TABLE copy_update")
