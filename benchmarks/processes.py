"""What processes cost: CPU time to the nanosecond and memory, of a process with all its children, read from the kernel."""

import os
import time
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """The process and its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def cpu_seconds(*roots: int) -> float:
    """User and system time since each began, its ended children included."""
    return sum(_own(pid) + _of_ended_children(pid) for root in roots for pid in tree(root))


def memory_kb(*roots: int) -> int:
    """Proportional set size: a page shared by several processes is counted once."""
    return sum(_pss(pid) for root in roots for pid in tree(root))


def _own(pid: int) -> float:
    """The process's CPU-time clock, which Linux numbers after its pid."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _of_ended_children(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[13]) + int(fields[14])) * TICK if fields else 0.0


def _stat(pid: int) -> list[str]:
    """The fields of /proc/pid/stat after the name, from the state on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(next(line.split()[1] for line in lines if line.startswith("Pss:")))
