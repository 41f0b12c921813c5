"""Many rows in one INSERT: each value a parameter, the same text for both databases; or all of them one parameter, where they are
so many that their names would cost more than the rows. Where nothing of them can be there already, many.py is cheaper."""

from functools import lru_cache


@lru_cache(maxsize=500)
def insertion(table: str, columns: tuple[str, ...], count: int, ending: str) -> tuple[str, list[str]]:
    """The statement for that many rows, and the names of its values, row after row. `ending`: ON CONFLICT ..., RETURNING ..."""
    names = [f"p{n}_{m}" for n in range(count) for m in range(len(columns))]
    width = len(columns)
    places = ", ".join(f"(:{', :'.join(names[start : start + width])})" for start in range(0, len(names), width))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places} {ending}", names


@lru_cache(maxsize=200)
def insertion_of_json(table: str, columns: tuple[str, ...], ending: str, *, is_sqlite: bool) -> str:
    """The statement for however many rows; `:rows` is a JSON array of them: of arrays for SQLite, of objects for PostgreSQL, which
    takes the types from the table itself."""
    given = rows_of_json(table, columns, is_sqlite=is_sqlite)
    return f"INSERT INTO {table} ({', '.join(columns)}) {given} WHERE true {ending}"


def rows_of_json(table: str, columns: tuple[str, ...], *, is_sqlite: bool) -> str:
    """A SELECT of `:rows` as such columns of that table."""
    if is_sqlite:
        values = ", ".join(f"value->>{place} AS {column}" for place, column in enumerate(columns))
        return f"SELECT {values} FROM json_each(:rows)"
    return f"SELECT {', '.join(columns)} FROM json_populate_recordset(NULL::{table}, :rows)"
