"""The line that the database's threads take their work from."""

import threading
import time

from comptoir.foundation.line import Line


def test_first_come_first_served() -> None:
    line: Line[int] = Line()
    for number in range(3):
        line.put(number)

    assert [line.get() for _ in range(3)] == [0, 1, 2]
    assert line.empty()


def test_the_thread_that_worked_last_works_again() -> None:
    line: Line[int | None] = Line()
    worked: list[str] = []
    done = threading.Event()

    def work() -> None:
        while line.get() is not None:
            worked.append(threading.current_thread().name)
            done.set()

    threads = [threading.Thread(target=work, name=str(number)) for number in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    for number in range(20):
        done.clear()
        line.put(number)
        assert done.wait(5)
        time.sleep(0.01)
    for _ in threads:
        line.put(None)
    for thread in threads:
        thread.join(5)

    assert len(set(worked)) == 1


def test_nothing_is_lost_or_done_twice_among_many_threads() -> None:
    line: Line[int | None] = Line()
    taken: list[int] = []

    def work() -> None:
        while (number := line.get()) is not None:
            taken.append(number)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for number in range(5_000):
        line.put(number)
    for _ in threads:
        line.put(None)
    for thread in threads:
        thread.join(10)

    assert sorted(taken) == list(range(5_000))
