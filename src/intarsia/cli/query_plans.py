"""`intarsia segment query-plan`."""

from __future__ import annotations

import click

from intarsia.cli.app import BadUsage, Place, with_json, with_times
from intarsia.cli.definitions import with_definition
from intarsia.cli.speaking import show_json, wide_console
from intarsia.errors import phrase


@click.command("query-plan")
@with_definition("text_or_name", required=False)
@click.option("--all", "is_of_all", is_flag=True, help="All segments together, with what they share.")
@click.option("--sql", "with_sql", is_flag=True, help="The SQL that DuckDB would be given instead.")
@with_times
@with_json
@click.pass_obj
def query_plan(
    place: Place,
    text_or_name: str | None,
    is_of_all: bool,
    with_sql: bool,
    at: str | None,
    known_at: str | None,
    as_json: bool,
) -> None:
    """Show how a segment or a definition is evaluated, and the segments that it rests on; nobody is counted.

    It tells what is asked of each person and what answers it (columns, SQL, the interpreter), which passes over events
    are made, each once, who shares them, and how many rows they look at.
    """
    if (text_or_name is None) == (not is_of_all):
        reason = phrase("give a definition or --all, one of them")
        raise BadUsage(reason=reason, command="intarsia segment query-plan")
    with place.open() as ws:
        found = ws.query_plan(text_or_name, at, known_at)
    if as_json:
        show_json(found.to_json(with_sql=with_sql))
    elif with_sql:
        click.echo(found.sql())
    else:
        found.print(wide_console(), place.spoken)
