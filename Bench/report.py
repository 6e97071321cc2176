"""The paired table: ours, every peer, ratios, and the share of the machine's limit."""

from typing import Any

Record = dict[str, Any]

# Loops by hand in C: no peer, but what the processor can do.
HAND = "c"


def duration(seconds: float | None) -> str:
    """Three digits with a unit."""
    if seconds is None:
        return "-"
    for unit, scale in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def median_of(record: Record, peer: str) -> float | None:
    """The median of a peer whose result is right; nothing for any other."""
    result = record["peers"].get(peer, {})
    return None if result.get("wrong") else result.get("median")


def summarize(record: Record, limits: dict[str, float], limit: tuple[str, float] | None) -> None:
    """Adds to a workload's record the best peer, the ratios and the share of the limit."""
    ours = median_of(record, "weft")
    times = {p: median_of(record, p) for p in record["peers"] if p not in ("weft", HAND)}
    right = {p: t for p, t in times.items() if t is not None}
    best = min(right, key=lambda p: right[p], default=None)
    record["best_peer"] = best
    fastest = ours if ours is not None else right.get(best or "")
    if limit and fastest and limit[0] in limits:
        kind, amount = limit
        record["limit"] = kind
        record["limit_share"] = amount / fastest / limits[kind]
    if ours:
        # Above 1: Weft is the faster one.
        record["ratio_best"] = right[best] / ours if best else None
        record["ratio_numpy"] = right["numpy"] / ours if "numpy" in right else None
        by_hand = median_of(record, HAND)
        record["ratio_c"] = by_hand / ours if by_hand else None


def table(records: list[Record], peers: list[str]) -> str:
    """One row a workload; a star marks the best peer, `wrong` and `error` what did not count."""
    rows = [["id", "weft", *peers, "best/weft", "numpy/weft", "c/weft", "of limit"]]
    for record in records:
        row = [record["id"], cell(record, "weft")]
        row += [cell(record, p) + ("*" if p == record.get("best_peer") else "") for p in peers]
        row += [ratio(record.get("ratio_best")), ratio(record.get("ratio_numpy"))]
        row += [ratio(record.get("ratio_c")), share(record)]
        rows.append(row)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        row[0].ljust(widths[0]) + "".join("  " + c.rjust(w) for c, w in zip(row[1:], widths[1:]))
        for row in rows
    )


def line(record: Record, peers: list[str]) -> str:
    """A workload's row in short, for those who wait."""
    times = " ".join(f"{p} {cell(record, p)}" for p in ["weft", *peers])
    return f"{record['id']}: {times}; best/weft {ratio(record.get('ratio_best'))}, {share(record)}"


def cell(record: Record, peer: str) -> str:
    result = record["peers"].get(peer, {})
    for word in ("wrong", "error"):
        if word in result:
            return word
    return duration(result.get("median"))


def ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}x"


def share(record: Record) -> str:
    if "limit_share" not in record:
        return "-"
    whose = "" if median_of(record, "weft") else f" ({record['best_peer']})"
    return f"{100 * record['limit_share']:.0f}% {record['limit'].removesuffix('_2')}{whose}"
