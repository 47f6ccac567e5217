"""The words of a ticket that can tell what it is about: no numbers, no addresses, no words of every sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable

import rjieba
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

SHORTEST = 3  # letters of a word; of Chinese two characters
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*", re.IGNORECASE)
_NUMBERED = re.compile(r"[\w.,:/-]*\d[\w.,:/-]*")  # a number, and whatever hangs on it
_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\W\d_\u3400-\u4dbf\u4e00-\u9fff]+(?:['’][^\W\d_]+)?")

# The commonest words of languages that providers write in; English ones come with scikit-learn.
_COMMON = """
ask asks asked asking want wants wanted need needs please does don doesn didn isn wasn won ve re
get gets got like says said thank
aber alle als auch auf aus bei bin bis bitte das dass dem den der des die dies doch ein eine einen einer eines für
habe haben hat hatte ich ihr ihre immer ist kann kein keine man mehr mein meine mich mir mit nach nicht noch nur
oder ohne schon sehr seit sich sie sind über und uns unser vom von war was weil wenn wie wir wird wurde zum zur
avec aux bien ces cette comme dans des deux elle est été être fait ils les leur mais mes mon nos notre nous ont par pas
plus pour que qui sans ses son sont sur tout très une vos votre vous
como con cuando del desde donde ella era esta este estoy hay las los más muy nos para pero por porque que quiere sin
sobre son sus también tengo tiene una uno
今天 昨天 现在 已经 还是 还有 就是 可以 没有 什么 怎么 为什么 我们 你们 他们 这个 那个 这里 一个 一项
因为 所以 但是 如果 自己 时候 希望 请问 你好 您好 谢谢 询问 咨询 客户 用户 反映 要求 需要 不能 不是 一直 非常 一下
"""
STOP_WORDS = frozenset(ENGLISH_STOP_WORDS) | frozenset(_COMMON.split())


def words(text: str) -> list[str]:
    """The telling words of a text, in its order, in small letters; Chinese is cut into words (jieba's dictionary)."""
    plain = _NUMBERED.sub(" ", _ADDRESS.sub(" ", text))
    return [word for run in _RUN.findall(plain) for word in _cut(run) if word not in STOP_WORDS]


def singulars(vocabulary: Iterable[str]) -> dict[str, str]:
    """English plurals among the words whose singular is among them, too: both tell the same."""
    known = set(vocabulary)
    pairs = {word: single for word in known for single in _singles(word) if single in known}
    return dict(sorted(pairs.items()))


def _cut(run: str) -> list[str]:
    if "\u3400" <= run[0] <= "\u9fff":
        return [word for word in rjieba.cut(run) if len(word) > 1]
    word = re.split("['’]", run)[0].casefold()
    return [word] if len(word) >= SHORTEST else []


def _singles(word: str) -> list[str]:
    if not word.endswith("s") or word.endswith("ss"):
        return []
    return [f"{word[:-3]}y" if word.endswith("ies") else word[:-1]]
