"""The check's outcome as a table for a terminal."""

from streams.demo.check import Check


def table(check: Check) -> str:
    """Return the rows in columns, then each revision that differs."""
    lines = [("", "expected", "found", "")]
    lines += [(row.what, row.expected, row.found, "ok" if row.ok else "DIFFERENT") for row in check.rows]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    text = [
        f"{what:<{widths[0]}}  {wanted:>{widths[1]}}  {found:>{widths[2]}}  {verdict}".rstrip()
        for what, wanted, found, verdict in lines
    ]
    text.insert(1, "-" * (sum(widths) + 6))
    return "\n".join([*text, *check.differences, "", "All as expected." if check.ok else "Not as expected."])
