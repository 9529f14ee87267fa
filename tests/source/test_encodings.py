from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intarsia import source
from intarsia.source.readers.encoding import detect

Write = Callable[..., Path]

CZECH = "zákazník;jméno;příjmení;město\n" + "".join(
    f"{number};{('Jiří', 'Žofie', 'Ondřej')[number % 3]};{('Šťastný', 'Dvořáková')[number % 2]};Plzeň\n"
    for number in range(1_000)
)
RUSSIAN = "клиент;имя;город\n" + "".join(
    f"{number};{('Иван', 'Ольга', 'Юрий')[number % 3]};Екатеринбург\n" for number in range(1_000)
)
PERSIAN = "مشتري;نام;شهر\n" + "".join(
    f"{number};{('محمد', 'فاطمة', 'پرويز')[number % 3]};تهران\n" for number in range(1_000)
)


def messages(path: Path) -> list[dict[str, Any]]:
    return [message for batch in source.messages(source.plan(path, shape="profiles")) for message in batch.messages]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1250"])
def test_a_thousand_czech_rows_give_the_same_messages_in_six_encodings(write: Write, encoding: str) -> None:
    expected = messages(write(CZECH, "expected.csv"))
    assert len(expected) == 1_000
    assert expected[0]["traits"] == {"first_name": "Jiří", "last_name": "Šťastný", "city": "Plzeň"}
    assert messages(write(CZECH.encode(encoding))) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8_r", "utf-16-le"])
def test_russian_files_are_read_and_their_columns_known(write: Write, encoding: str) -> None:
    found = messages(write(RUSSIAN.encode(encoding)))
    assert found[1]["traits"] == {"first_name": "Ольга", "city": "Екатеринбург"}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256"])
def test_persian_files_are_read_and_their_columns_known(write: Write, encoding: str) -> None:
    found = messages(write(PERSIAN.encode(encoding)))
    assert found[2]["traits"] == {"first_name": "پرويز", "city": "تهران"}


def test_plain_ascii_is_utf_8(write: Write) -> None:
    assert detect(write("id,name\n1,Ada\n")) == "utf-8"


def test_a_single_foreign_line_does_not_change_the_encoding_of_the_file(write: Write) -> None:
    assert detect(write("id,name\n1,Žofie Šťastná\n".encode() + b"2,Zo\xeb\n")) == "utf-8"


def test_an_encoding_may_be_named(write: Write) -> None:
    path = write("id,name\n1,Zoë\n".encode("cp1252"))
    options = source.Options(encoding="cp1252")
    plan = source.plan(path, shape="profiles", options=options)
    assert next(source.messages(plan)).messages[0]["traits"] == {"name": "Zoë"}
