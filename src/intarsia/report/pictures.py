"""The pictures of the report on segments: who brings what, how sizes moved, how segments overlap, who members are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from typing import Any

from intarsia.report.contrast import Difference
from intarsia.report.drawing import INK, LINE, MONEY, MUTED, PAPER, PEOPLE, PROFIT, Chart, draw, rows, steps, svg, ticks
from intarsia.report.segments_report import SegmentRow
from intarsia.report.words import Words
from intarsia.speech import mark

ROW_HEIGHT = 26
CARD = 300
"""The inner width of a picture in a card, pixels."""
LETTER = 6.3
"""About how wide a letter of a small label is, pixels."""


# --- customers and revenue


def worth(words: Words) -> str:
    """By segment, row for row: shares of customers and of revenue, revenue, revenue by head; in them gross profit."""
    alt = draw()
    digits = words.report.currency_digits
    data = [_worth_row(words, row, digits) for row in words.report.rows]
    panels = [
        _shares(words, data),
        _bars(words, data, "", words.say(mark("revenue"))),
        _bars(words, data, "_per_head", words.say(mark("revenue per head"))),
    ]
    if _mirrored(words):
        panels.reverse()
    made = alt.hconcat(*panels, spacing=28)
    return svg(made, label=words.say(mark("Customers, revenue and revenue per head by segment")))


def _worth_row(words: Words, row: SegmentRow, digits: int) -> dict[str, object]:
    worth = row.worth
    amounts = {
        "money": worth.revenue_minor,
        "profit": worth.gross_profit_minor,
        "money_per_head": worth.revenue_per_head_minor,
        "profit_per_head": worth.gross_profit_per_head_minor,
    }
    return {
        "name": row.name,
        "people": words.report.share_of_base(row),
        "revenue": words.report.share_of_revenue(worth) or 0.0,
        "label": words.money(worth.revenue_minor),
        "label_per_head": words.money(worth.revenue_per_head_minor),
        **{name: (amount or 0) / 10**digits for name, amount in amounts.items()},
    }


def _shares(words: Words, data: Sequence[Mapping[str, Any]]) -> Chart:
    """Dots for customers, squares for revenue, a line between them."""
    alt = draw()
    highest = max([1.0, *(row["revenue"] for row in data)])
    lowest = min([0.0, *(row["revenue"] for row in data)])
    axis = _axis(ticks([0, 0.25, 0.5, 0.75, 1], lambda value: words.share(value, 0)))
    x = _x(words, axis, [lowest, highest])
    base = alt.Chart(rows(data)).encode(y=_names(words, data))
    line = base.mark_rule(stroke=LINE, strokeWidth=4).encode(x=x("people"), x2="revenue:Q")
    people = base.mark_circle(size=80, opacity=1, color=PEOPLE).encode(x=x("people"))
    money = base.mark_square(size=70, opacity=1, color=MONEY).encode(x=x("revenue"))
    return _panel(words, line + people + money, 330, len(data), words.say(mark("share of customers and of revenue")))


def _bars(words: Words, data: Sequence[Mapping[str, Any]], which: str, title: str) -> Chart:
    alt = draw()
    money, profit = f"money{which}", f"profit{which}"
    highest = max([row[money] for row in data]) or 1.0
    lowest = min([0.0, *(row[name] for row in data for name in (money, profit))])
    x = _x(words, None, [lowest, highest * 1.45])
    base = alt.Chart(rows(data)).encode(y=_names(words, data, shown=False))
    bar = base.mark_bar(height=13, color=MONEY).encode(x=x(money))
    inner = base.mark_bar(height=5, color=PROFIT).encode(x=x(profit))
    text = base.mark_text(align=_start(words), dx=_away(words, 5), color=INK, fontSize=12).encode(
        x=x(money), text=f"label{which}:N"
    )
    layers = bar + inner + text if any(row[profit] for row in data) else bar + text
    return _panel(words, layers, 250, len(data), title)


def _panel(words: Words, layers: Chart, width: int, count: int, title: str) -> Chart:
    alt = draw()
    anchor = "end" if _mirrored(words) else "start"
    shown = alt.TitleParams(
        title, anchor=anchor, font="inherit", fontSize=12, fontWeight="normal", color=MUTED, offset=8
    )
    return layers.properties(width=width, height=ROW_HEIGHT * count, title=shown)


# --- time


def size(words: Words, row: SegmentRow) -> str:
    """A segment's size over the months; rings are what the ledger kept."""
    alt = draw()
    data = [{"at": place, "size": item.size, "ledger": item.ledger_size} for place, item in enumerate(row.history)]
    last = len(data) - 1
    kept = [item for item in data if item["ledger"] is not None]
    highest = max(1, *(item.size for item in row.history), *(item.ledger_size or 0 for item in row.history))
    first, half = (row.history[place].at for place in (0, last // 2))
    labels = {0.0: first, float(last // 2): half}
    now = words.say(mark("now"))
    axis = {
        **ticks(
            [*labels, last],
            lambda place: now if place == last else words.speech.month_end(words.day(labels[place])),
        ),
        "grid": False, "title": None, "ticks": False, "domain": True, "labelFontSize": 11, "labelFlush": True,
    }  # fmt: skip
    x = alt.X("at:Q", scale=alt.Scale(domain=[0, last], nice=False), axis=alt.Axis(**axis))
    y = alt.Y("size:Q", scale=alt.Scale(domain=[0, highest * 1.08], nice=False), axis=None)
    base = alt.Chart(rows(data), width=CARD, height=70).encode(x=x)
    area = base.mark_area(color=PEOPLE, opacity=0.14).encode(y=y)
    line = base.mark_line(color=PEOPLE, strokeWidth=1.6).encode(y=y)
    end = base.transform_filter(f"datum.at == {last}").mark_circle(color=PEOPLE, size=36, opacity=1).encode(y=y)
    layers = area + line + end
    if kept:
        ledger = alt.Y("ledger:Q", scale=alt.Scale(domain=[0, highest * 1.08], nice=False), axis=None)
        ring = alt.Chart(rows(kept)).encode(x=x).mark_point(color=MONEY, size=30, strokeWidth=1.4).encode(y=ledger)
        layers = layers + ring
    return svg(layers, label=words.say(mark("Size of {name} over time"), name=row.name))


# --- recency and frequency


def rfm_grid(words: Words) -> str:
    """How many customers have each pair of recency and frequency score: the darker, the more."""
    alt = draw()
    rfm = words.report.rfm
    if rfm is None:
        return ""
    most = max(rfm.cells.values()) or 1
    data = [
        {"r": r, "f": f, "people": people, "label": words.count(people), "dark": people > most * 0.65}
        for (r, f), people in rfm.cells.items()
    ]
    scores = {**ticks([1, 2, 3, 4, 5], lambda value: words.count(int(value))), "labelAngle": 0, "ticks": False}
    axis = {**scores, "domain": False}
    x = alt.X("f:O", axis=alt.Axis(title=words.say(mark("frequency score")), **axis))
    y = alt.Y("r:O", sort="descending", axis=alt.Axis(title=words.say(mark("recency score")), **axis))
    base = alt.Chart(rows(data), width=CARD - 30, height=CARD - 30).encode(x=x, y=y)
    cells = base.mark_rect(color=PEOPLE, stroke=PAPER, strokeWidth=2).encode(opacity=_opacity("people", most))
    return svg(cells + _numbers(base), label=words.say(mark("Customers by recency and frequency score")))


def segments_map(words: Words) -> str:
    """Where the average buyer of each segment stands: days since the last order, orders; the area is the size."""
    alt = draw()
    width, height = CARD - 10, 320
    marks = [row for row in words.report.rows if row.worth.buyers]
    if not marks:
        return ""
    longest = max(row.worth.recency_days or 0 for row in marks) * 1.3 + 3
    oftenest = max(row.worth.orders_per_buyer or 0 for row in marks) * 1.12
    data = [
        {
            "name": row.name,
            "size": row.size,
            "x": width * sqrt((row.worth.recency_days or 0) / longest),
            "y": height * (1 - (row.worth.orders_per_buyer or 0) / oftenest),
        }
        for row in marks
    ]
    days = [day for day in (0, 7, 30, 90, 180, 365) if day <= longest]
    # The axis of days is drawn in pixels: the square root keeps those apart who bought lately.
    places = {width * sqrt(day / longest): day for day in days}
    x_axis = _axis(
        ticks(list(places), lambda at: words.count(places[at])), words.say(mark("days since the last order"))
    )
    y_places = {height * (1 - value / oftenest): value for value in steps(oftenest)}
    y_axis = _axis(ticks(list(y_places), lambda at: _short(words, y_places[at])), words.say(mark("orders per buyer")))
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, width], nice=False), axis=alt.Axis(**x_axis))
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False), axis=alt.Axis(**y_axis))
    area = alt.Size(
        "size:Q", scale=alt.Scale(domain=[0, max(row.size for row in marks)], range=[16, 1100]), legend=None
    )
    base = alt.Chart(rows(data), width=width, height=height).encode(x=x, y=y)
    circles = base.mark_circle(color=PEOPLE, opacity=0.3, stroke=PEOPLE, strokeOpacity=1).encode(size=area)
    labels = alt.Chart(rows(placed(data, width, height))).encode(x=x)
    leaders = labels.mark_rule(color=MUTED, strokeWidth=0.7).encode(y=y, x2="label_x:Q", y2="label_y:Q")
    names = labels.mark_text(color=INK, fontSize=11, align="left", dx=2).encode(
        x=alt.X("label_x:Q"), y=alt.Y("label_y:Q"), text="name:N"
    )
    return svg(circles + leaders + names, label=words.say(mark("Segments by recency and frequency of their buyers")))


def placed(data: Sequence[Mapping[str, Any]], width: float, height: float) -> list[dict[str, Any]]:
    """The same points with places for their names, `label_x` and `label_y`, so that no name lies on another's."""
    taken: list[tuple[float, float, float]] = []
    found = []
    for item in sorted(data, key=lambda item: (float(item["y"]), float(item["x"]))):
        long = LETTER * len(str(item["name"]))
        left = min(float(item["x"]) + 14, max(0.0, width - long))
        shifts = [step * way for step in range(30) for way in (7, -7)]
        free = (
            float(item["y"]) + shift
            for shift in shifts
            if 5 <= float(item["y"]) + shift <= height - 8
            and all(
                abs(float(item["y"]) + shift - other) >= 13 or left > end or left + long < begin
                for begin, end, other in taken
            )
        )
        top = next(free, float(item["y"]))
        taken.append((left, left + long, top))
        found.append({**item, "label_x": left, "label_y": top})
    return found


# --- overlap


def overlap(words: Words) -> str:
    """Which share of the members of each segment (row) belongs to each other segment (column)."""
    alt = draw()
    names = [row.name for row in words.report.rows]
    data = [
        {
            "row": row.name,
            "column": names[column],
            "people": shared / row.size,
            "label": words.share(shared / row.size, 0),
            "dark": shared / row.size > 0.65,
        }
        for place, row in enumerate(words.report.rows)
        for column, shared in enumerate(words.report.overlap[place])
        if row.size and column != place
    ]
    side = 44
    x_axis = alt.Axis(title=None, labelAngle=-40, ticks=False, domain=False, orient="top", labelLimit=190)
    y_axis = alt.Axis(title=None, ticks=False, domain=False, orient="right" if _mirrored(words) else "left")
    x = alt.X("column:N", sort=names[::-1] if _mirrored(words) else names, axis=x_axis)
    y = alt.Y("row:N", sort=names, axis=y_axis)
    base = alt.Chart(rows(data), width=side * len(names), height=ROW_HEIGHT * len(names)).encode(x=x, y=y)
    cells = base.mark_rect(color=PEOPLE, stroke=PAPER, strokeWidth=2).encode(opacity=_opacity("people", 1.0))
    return svg(cells + _numbers(base), label=words.say(mark("Share of a segment's members who are in another, too")))


# --- who the members are


def differences(words: Words, row: SegmentRow) -> str:
    """The features in which members differ most from the rest: both shares with their intervals."""
    alt = draw()
    data = [
        {"place": place, "who": who, "share": share.value, "low": share.low, "high": share.high}
        for place, item in enumerate(row.differences)
        for who, share in (("members", item.members), ("rest", item.rest))
    ]
    if not data:
        return ""
    told = [
        {"place": place, "feature": words.feature(item.feature), "shares": _both(words, item), "begin": 0, "end": 1}
        for place, item in enumerate(row.differences)
    ]
    x = _x(words, None, [0, 1])
    y = alt.Y("place:O", axis=None, sort=None)
    who = alt.Scale(domain=["members", "rest"], range=[MONEY, MUTED])
    colour = alt.Color("who:N", scale=who, legend=None)
    shape = alt.Shape("who:N", scale=alt.Scale(domain=["members", "rest"], range=["square", "circle"]), legend=None)
    size = {"width": CARD, "height": 40 * len(told)}
    lines = alt.Chart(rows(told), **size).encode(y=y)
    track = lines.mark_rule(stroke=LINE, yOffset=10).encode(x=x("begin"), x2="end:Q")
    base = alt.Chart(rows(data), **size).encode(y=y, color=colour)
    span = base.mark_rule(strokeWidth=3, opacity=0.5, yOffset=10).encode(x=x("low"), x2="high:Q")
    dots = base.mark_point(filled=True, size=62, opacity=1, yOffset=10).encode(x=x("share"), shape=shape)
    start, end = _start(words), "left" if _mirrored(words) else "right"
    name = lines.mark_text(align=start, yOffset=-6, color=INK, fontSize=12, limit=CARD - 80).encode(
        x=x("begin"), text="feature:N"
    )
    share = lines.mark_text(align=end, yOffset=-6, color=MUTED, fontSize=12).encode(x=x("end"), text="shares:N")
    layers = track + span + dots + name + share
    return svg(layers, label=words.say(mark("What sets {name} apart"), name=row.name))


def _both(words: Words, item: Difference) -> str:
    return f"{words.share(item.members.value, 0)} / {words.share(item.rest.value, 0)}"


# --- parts


def _mirrored(words: Words) -> bool:
    return words.speech.direction == "rtl"


def _start(words: Words) -> str:
    return "right" if _mirrored(words) else "left"


def _away(words: Words, pixels: int) -> int:
    return -pixels if _mirrored(words) else pixels


def _axis(labels: Mapping[str, object], title: str | None = None) -> dict[str, object]:
    return {**labels, "title": title, "ticks": False, "domain": False}


def _x(words: Words, axis: Mapping[str, object] | None, domain: Sequence[float]) -> Callable[[str], Any]:
    """A horizontal scale of numbers that begins where the reader's language begins."""
    alt = draw()
    scale = alt.Scale(domain=list(domain), nice=False, reverse=_mirrored(words))
    shown = None if axis is None else alt.Axis(**axis)
    return lambda field: alt.X(f"{field}:Q", scale=scale, axis=shown)


def _names(words: Words, data: Sequence[Mapping[str, Any]], *, shown: bool = True) -> Any:
    """The segments from top to bottom, in the order of the data."""
    alt = draw()
    side = "right" if _mirrored(words) else "left"
    axis = alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        orient=side,
        labelColor=INK,
        labelLimit=230,
        labelPadding=12,
        labelFontSize=13,
    )
    return alt.Y("name:N", sort=[row["name"] for row in data], axis=axis if shown else None)


def _opacity(field: str, most: float) -> Any:
    alt = draw()
    return alt.Opacity(f"{field}:Q", scale=alt.Scale(domain=[0, most], range=[0.05, 0.95]), legend=None)


def _numbers(base: Chart) -> Chart:
    """Each cell's number, light on dark cells."""
    alt = draw()
    colour = alt.condition("datum.dark", alt.value(PAPER), alt.value(INK))
    return base.mark_text(fontSize=11).encode(text="label:N", color=colour)


def _short(words: Words, value: float) -> str:
    return words.count(round(value)) if value == round(value) else words.mean(value)
