from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from analysis.basis.documents import Document, layered, read_yaml, validated
from analysis.basis.errors import ParamsError
from analysis.basis.quarter import Quarter


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Usage(Strict):
    light_below: float = 50
    heavy_from: float = 300


class Sample(Strict):
    quarter: str = "2026-Q3"
    grace_days: int = Field(default=30, ge=0, le=365)
    language: Literal["en"] = "en"
    usage_gb: Usage = Usage()
    per_area: dict[str, Usage] = {}
    steps: list[Usage] = []
    maybe: Usage | None = None
    required: str

    @field_validator("quarter")
    @classmethod
    def _is_a_quarter(cls, text: str) -> str:
        return str(Quarter.parse(text))


def read(text: str, name: str = "p.yml") -> Document:
    return read_yaml(text, name=name)


def refusal(text: str) -> str:
    with pytest.raises(ParamsError) as caught:
        read(text)
    return str(caught.value)


def failure(text: str) -> str:
    with pytest.raises(ParamsError) as caught:
        validated(read(text), Sample)
    return str(caught.value)


def test_plain_values_are_read_as_yaml_1_2() -> None:
    got = read("a: NO\nb: 12:30\nc: 010\nd: 2024-01-31\ne: true\nf: 1.5\ng: [1, x]\nh:\ni: '7'\n").data
    expected: dict[str, Any] = {
        "a": "NO",
        "b": "12:30",
        "c": 10,
        "d": dt.date(2024, 1, 31),
        "e": True,
        "f": 1.5,
        "g": [1, "x"],
        "h": None,
        "i": "7",
    }
    assert got == expected
    assert [type(value) for value in got.values()] == [type(value) for value in expected.values()]


def test_a_key_is_text_as_written() -> None:
    assert read("12: a\nyes: b\n2024-01-01: c\n").data == {"12": "a", "yes": "b", "2024-01-01": "c"}


def test_a_document_remembers_file_line_and_column_of_every_key_and_item() -> None:
    got = read("a: 1\nb:\n  c: 2\n  d: [x, {e: 3}]\n", name="params/q.yml").positions
    assert got == {
        (): ("params/q.yml", 1, 1),
        ("a",): ("params/q.yml", 1, 1),
        ("b",): ("params/q.yml", 2, 1),
        ("b", "c"): ("params/q.yml", 3, 3),
        ("b", "d"): ("params/q.yml", 4, 3),
        ("b", "d", 0): ("params/q.yml", 4, 7),
        ("b", "d", 1): ("params/q.yml", 4, 10),
        ("b", "d", 1, "e"): ("params/q.yml", 4, 11),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "p.yml:3:1: expected each key once, found `a` again (first on line 1)"),
        ("u:\n  12: 1\n  '12': 2\n", "p.yml:3:3: expected each key once, found `12` again (first on line 2)"),
        ("a: !!set {x}\n", "p.yml:1:4: expected plain keys and values, found the tag tag:yaml.org,2002:set"),
        ("a: !!binary aGk=\n", "found the tag tag:yaml.org,2002:binary"),
        ("a: !!python/object/apply:os.system [ls]\n", "found the tag tag:yaml.org,2002:python/object/apply:os.system"),
        ("a: !own 1\n", "found the tag !own"),
        ("%YAML 1.1\n---\na: NO\n", "found a % directive"),
        ("a: 1\n---\nb: 2\n", "found a second document (`---`)"),
        ("a: 1\n<<: {b: 2}\n", "p.yml:2:1: expected a name as key"),
        ("? [a]\n: 1\n", "expected a name as key"),
        ("a: .nan\n", "p.yml:1:4: expected a finite number, found .nan"),
        ("a: 2024-13-01\n", "p.yml:1:4: expected a value that exists, found '2024-13-01'"),
        ("a: [1\n", "expected YAML, found text that is not"),
        ("a: 1\n\tb: 2\n", "p.yml:2:1: expected YAML"),
        ("a: 1\nb: \x07\n", "p.yml:2:4: expected YAML, found text that is not (a character YAML does not allow)"),
        ("", "p.yml: expected lines of `key: value`, found an empty file"),
        ("# only words\n", "found an empty file"),
        ("- a\n- b\n", "found a single value or a list"),
        ("just text\n", "found a single value or a list"),
        ("a: " + "[" * 30 + "]" * 30 + "\n", "found more than 20 levels"),
        ("a: &x 1\nb: [" + "*x, " * 11 + "]\n", "found more than 10 aliases"),
        ("a: &x [*x]\n", "p.yml:1:4: expected at most 20 levels, found a deeper nesting"),
        ("a: " + "9" * 5000 + "\n", "expected a value that exists, found '9999"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_place(text: str, words: str) -> None:
    assert words in refusal(text)


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    ten = ", ".join(["x"] * 9)
    levels = [f"a0: &a0 [{ten}]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 6)]
    wide = "z: &z [" + "1, " * 6000 + "1]\ny: [*z, *z, *z, *z]\n"
    assert len(read("\n".join(levels)).data["a5"]) == 2
    assert "found aliases that repeat it thousands of times" in refusal(wide)


def test_a_large_file_is_refused_unread() -> None:
    assert refusal("a: " + "x" * 262_144) == (
        "p.yml: expected at most 256 kB of YAML, found more. Move data out of this file."
    )


def test_later_layers_win_key_by_key_and_lists_are_replaced() -> None:
    below = read("a: {x: 1, y: 2}\nb: [1, 2, 3]\nc: 1\n", name="below.yml")
    above = read("a: {y: 5}\nb: [9]\n", name="above.yml")
    got = layered(below, above)
    assert got.data == {"a": {"x": 1, "y": 5}, "b": [9], "c": 1}
    assert got.positions[("a", "x")] == ("below.yml", 1, 5)
    assert got.positions[("a", "y")] == ("above.yml", 1, 5)
    assert got.positions[("b", 0)] == ("above.yml", 2, 5)
    assert ("b", 2) not in got.positions
    assert got.positions[()] == ("above.yml", 1, 1)


def test_layering_leaves_the_layers_as_they_were() -> None:
    below = read("a: {x: {z: 1}}\n")
    layered(below, read("a: {x: {z: 2}}\n"))
    assert below.data == {"a": {"x": {"z": 1}}}


def test_a_valid_document_becomes_its_model() -> None:
    got = validated(read("required: yes\nusage_gb: {heavy_from: 250.5}\n"), Sample)
    assert (got.required, got.usage_gb.heavy_from, got.usage_gb.light_below) == ("yes", 250.5, 50)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "required: a\ngrace_dayz: 3\n",
            "p.yml:2:1: expected a known key, found 'grace_dayz'. Did you mean `grace_days`?",
        ),
        (
            "required: a\nusage_gb:\n  heavy_form: 3\n",
            "p.yml:3:3: expected a known key, found 'heavy_form'. Did you mean `heavy_from`?",
        ),
        ("required: a\nper_area: {north: {heavy_form: 3}}\n", "found 'heavy_form'. Did you mean `heavy_from`?"),
        (
            "required: a\nsteps: [{}, {heavy_form: 3}]\n",
            "p.yml:2:14: expected a known key, found 'heavy_form'. Did you mean `heavy_from`?",
        ),
        ("required: a\nmaybe: {zzz: 3}\n", "found 'zzz'. Known here: heavy_from, light_below."),
        ("grace_days: 3\n", "p.yml:1:1: expected the key `required`, found nothing. Add `required:` here."),
        ("required: a\ngrace_days: soon\n", "p.yml:2:1: expected a whole number, found 'soon'. Correct `grace_days`."),
        ("required: a\ngrace_days: true\n", "expected a whole number, found true"),
        ("required: a\ngrace_days: 400\n", "expected a number ≤ 365, found 400"),
        ("required: a\ngrace_days: [1]\n", "expected a whole number, found a list"),
        ("required: 7\n", "expected text, found 7"),
        ("required:\n", "expected text, found nothing"),
        ("required: a\nlanguage: zh\n", "expected 'en', found 'zh'"),
        ("required: a\nusage_gb: 5\n", "expected a mapping of keys and values, found 5"),
        ("required: a\nsteps: 5\n", "expected a list, found 5"),
        ("required: a\nquarter: 2026-Q5\n", "p.yml:2:1: expected a quarter written like 2026-Q3, found '2026-Q5'"),
    ],
)
def test_a_failure_says_where_what_was_expected_and_what_was_found(text: str, words: str) -> None:
    assert words in failure(text)


def test_all_failures_come_at_once_in_the_order_of_the_lines() -> None:
    got = failure("quarter: never\ngrace_days: -1\nlanguage: fr\n").splitlines()
    assert [line.split(":")[1] for line in got] == ["1", "1", "2", "3"]


def test_terminal_escapes_in_a_value_are_shown_as_text() -> None:
    assert r"found '\x1b[31mred'" in failure('required: a\nlanguage: "\\e[31mred"\n')


def test_a_long_value_is_cut_in_the_message() -> None:
    assert len(failure("required: a\nlanguage: " + "x" * 5000 + "\n")) < 200
