"""Effects kept as figures and had back."""

from __future__ import annotations

from dataclasses import replace

from analysis.policy.effects import stated
from analysis.policy.effects_kept import effects_again, effects_kept


def test_effects_come_back_as_they_were(policy) -> None:
    lines = [policy("price"), policy("letter", effect=0.05)]
    effects = {line.name: stated(line) for line in lines}
    effects["price"] = replace(effects["price"], share=0.1, low=-0.2, high=0.3, measured=True, harmed=(("age", "old"),))
    assert effects_again(effects_kept(effects), lines) == (lines, effects)


def test_a_policy_whose_harm_only_a_model_tells_is_left_out(policy) -> None:
    lines = [policy("price"), policy("letter")]
    effects = {line.name: stated(line) for line in lines}
    kept = effects_kept(effects).assign(by_model=[True, False])
    got, again = effects_again(kept, lines)
    assert [line.name for line in got] == ["letter"] == list(again)


def test_a_policy_that_was_added_since_is_left_out(policy) -> None:
    lines = [policy("price")]
    got, _ = effects_again(effects_kept({"price": stated(lines[0])}), [*lines, policy("letter")])
    assert got == lines
