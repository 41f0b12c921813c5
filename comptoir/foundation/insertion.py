"""Many rows in one INSERT, the same text for both databases."""

from functools import lru_cache


@lru_cache(maxsize=500)
def insertion(table: str, columns: tuple[str, ...], count: int, ending: str) -> tuple[str, list[str]]:
    """The statement for that many rows, and the names of its values, row after row. `ending`: ON CONFLICT ..., RETURNING ..."""
    names = [f"p{n}_{m}" for n in range(count) for m in range(len(columns))]
    width = len(columns)
    places = ", ".join(f"(:{', :'.join(names[start : start + width])})" for start in range(0, len(names), width))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places} {ending}", names
