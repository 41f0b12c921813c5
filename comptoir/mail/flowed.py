"""Plain text that its sender's program wrapped for the way (format=flowed, RFC 3676), put back together: a line that ends with a
space goes on in the next one of the same depth of quotation. Linear.
"""


def unflow(text: str, *, delete_space: bool = False) -> str:
    """`text` has single line feeds. The two dashes of a signature end with a space and stay alone."""
    out: list[str] = []
    goes_on, depth_before = False, -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        if content in ("-- ", "--"):
            out.append(_line(depth, content))
            goes_on = False
        elif goes_on and depth == depth_before:
            out[-1] += content
            goes_on = content.endswith(" ")
        else:
            out.append(_line(depth, content))
            goes_on = content.endswith(" ")
        depth_before = depth
        if goes_on and delete_space:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def _line(depth: int, content: str) -> str:
    return f"{'>' * depth} {content}" if depth else content
