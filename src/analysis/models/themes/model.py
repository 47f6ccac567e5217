"""Themes of texts by non-negative matrix factorisation: how many, which words, and how stable they are."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix, diags
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning

from analysis.models.themes.words import singulars, words

FEWEST = 3  # themes that texts are grouped into, at least
MOST_WORDS = 1_500  # of the vocabulary, the most frequent
EVERYWHERE = 0.4  # of the texts: a word in more of them tells no theme apart
JUDGED = 2_000  # texts on which the number of themes is chosen
HALVES = 5  # pairs of halves by which a number of themes is judged
NAMED_BY = 3  # words that name a theme
FAINT = 0.12  # of the weight of a theme's strongest word: weaker ones do not name it
STABLE = 0.8  # of the tickets with a theme: from it on, others would have given nearly the same themes
LIKE = 0.2  # cosine from which a text belongs to its nearest theme; below it, to none
SEED = 20_250_301
NONE = -1

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Themes:
    """Themes learned from texts.

    `names` : a theme's strongest words, strongest first. `tried` : table, one row per number of themes tried: `themes`,
    `alike` (share of the texts that themes learned from two halves of them place alike, mean), `spread` (its standard
    deviation), `told` (share that has a theme). `agreement` : of the chosen number, those placed alike ÷ those that
    have a theme. `fitted_on` : texts learned from.
    """

    names: list[str]
    agreement: float
    tried: pd.DataFrame
    fitted_on: int
    vocabulary: dict[str, int] = field(repr=False)
    plurals: dict[str, str] = field(repr=False)
    weights: Floats = field(repr=False)
    components: Floats = field(repr=False)


def learned_themes(sample: pd.DataFrame, *, smallest: int, most: int) -> Themes | None:
    """Themes of texts; None where too few words are used by many, or the texts are too few.

    Texts are weighted words (TF-IDF, sublinear), factorised into themes; a text belongs to the nearest one that is near
    at all. Only words that at least `smallest` customers use are looked at, so that no name, number or rare word can
    name a theme. Themes learned from two halves of the texts are matched, and the share of texts that both place alike
    is counted: few themes leave many texts without one, many are not the same in both halves. The number is the
    smallest whose share is within one standard deviation of the best.

    Parameters
    ----------
    sample : table, one row per ticket: `text`, `person`.
    smallest : customers a word needs. most : themes.

    References
    ----------
    Lee and Seung (1999); Boutsidis and Gallopoulos (2008) for the start; Lange and others (2004) for the halves;
    Breiman and others (1984) for the rule of one deviation.
    """
    tokens, plurals = _tokens(sample["text"])
    vocabulary = _vocabulary(tokens, sample["person"], smallest)
    counts = _counted(tokens, vocabulary)
    filled = np.flatnonzero(counts.getnnz(axis=1) > 0)
    kinds = len({tuple(sorted(set(one))) for one in (tokens[i] for i in filled)})
    largest = min(most, len(vocabulary) - 1, kinds - 1)
    if largest < FEWEST or sample["person"].iloc[filled].nunique() < 2 * FEWEST * smallest:
        return None
    weights = _idf(counts[filled])
    matrix = _weighted(counts[filled], weights)
    tried = _tried(matrix, largest)
    chosen, agreement = _chosen(tried)
    components = _factorised(matrix, chosen)
    sizes = np.bincount(_nearest(matrix, components) + 1, minlength=chosen + 1)[1:]
    components = components[np.argsort(-sizes, kind="stable")]
    names = _names(components, list(vocabulary))
    return Themes(names, agreement, tried, len(sample), vocabulary, plurals, weights, components)


def themes_of(texts: Sequence[str], themes: Themes) -> Integers:
    """The theme of each text by its place; −1 where it has no word that a theme is told by."""
    unique = list(dict.fromkeys(texts))
    tokens = [[themes.plurals.get(word, word) for word in words(text)] for text in unique]
    counts = _counted(tokens, themes.vocabulary)
    found = np.full(len(unique), NONE, dtype=np.int64)
    filled = np.flatnonzero(counts.getnnz(axis=1) > 0)
    if len(filled):
        found[filled] = _nearest(_weighted(counts[filled], themes.weights), themes.components)
    places = {text: place for place, text in enumerate(unique)}
    return found[[places[text] for text in texts]] if len(texts) else found


def _tokens(texts: pd.Series) -> tuple[list[list[str]], dict[str, str]]:
    """The words of every text, plurals as singulars where both occur."""
    cut = {text: words(text) for text in dict.fromkeys(texts)}
    plurals = singulars(word for one in cut.values() for word in one)
    folded = {text: [plurals.get(word, word) for word in one] for text, one in cut.items()}
    return [folded[text] for text in texts], plurals


def _vocabulary(tokens: list[list[str]], people: pd.Series, smallest: int) -> dict[str, int]:
    """The words of enough customers and not of nearly all texts, in the order of the alphabet."""
    pairs = [
        (word, person, row) for row, (one, person) in enumerate(zip(tokens, people, strict=True)) for word in set(one)
    ]
    uses = pd.DataFrame(pairs, columns=["word", "person", "row"])
    told = uses.groupby("word").agg(people=("person", "nunique"), texts=("row", "size"))
    kept = told[(told["people"] >= smallest) & (told["texts"] <= EVERYWHERE * len(tokens))].reset_index()
    frequent = kept.sort_values(["texts", "word"], ascending=[False, True]).head(MOST_WORDS)
    return {word: place for place, word in enumerate(sorted(frequent["word"]))}


def _counted(tokens: list[list[str]], vocabulary: dict[str, int]) -> csr_matrix:
    places = [[vocabulary[word] for word in one if word in vocabulary] for one in tokens]
    rows = np.repeat(np.arange(len(places)), [len(one) for one in places])
    columns = np.array([place for one in places for place in one], dtype=np.int64)
    counts = csr_matrix((np.ones(len(columns)), (rows, columns)), shape=(len(places), len(vocabulary)))
    counts.sum_duplicates()
    return counts


def _idf(counts: csr_matrix) -> Floats:
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + counts.getnnz(axis=0))) + 1, dtype=np.float64)


def _weighted(counts: csr_matrix, weights: Floats) -> csr_matrix:
    """TF-IDF, each text of length one."""
    damped = counts.copy()
    damped.data = 1 + np.log(damped.data)
    scaled = csr_matrix(damped @ diags(weights))
    lengths = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
    return csr_matrix(diags(1 / lengths) @ scaled)


def _factorised(matrix: csr_matrix, themes: int) -> Floats:
    """Themes as weights of words, each of length one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = NMF(themes, init="nndsvda", max_iter=300, random_state=SEED).fit(matrix).components_
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.round(found / np.where(lengths > 0, lengths, 1.0), 6)


def _nearest(matrix: csr_matrix, components: Floats) -> Integers:
    """The theme nearest to each text, where one is near."""
    # Rounded: of two themes that are equally near the first, whatever the last bit says.
    near = np.round(np.asarray(matrix @ components.T), 5)
    return np.where(near.max(axis=1) >= LIKE, near.argmax(axis=1), NONE).astype(np.int64)


def _tried(matrix: csr_matrix, largest: int) -> pd.DataFrame:
    """How many texts the themes of two halves place alike, for every number of themes."""
    every = max(1, -(-matrix.shape[0] // JUDGED))
    part = matrix[::every]
    rows = []
    for themes in range(FEWEST, largest + 1):
        chance = np.random.default_rng(SEED)
        found = []
        for _ in range(HALVES):
            order = chance.permutation(part.shape[0])
            halves = order[::2], order[1::2]
            placed = [_nearest(part, _factorised(part[np.sort(half)], themes)) for half in halves]
            found.append((_alike(placed[0], placed[1], themes), np.mean([(one != NONE).mean() for one in placed])))
        alike, told = np.array(found).T
        rows.append((themes, alike.mean(), alike.std(ddof=1), told.mean()))
    return pd.DataFrame(rows, columns=["themes", "alike", "spread", "told"]).round(4)


def _alike(one: Integers, other: Integers, themes: int) -> float:
    """Share of the texts that two sets of themes place alike, the themes matched so that it is largest."""
    both = (one != NONE) & (other != NONE)
    pairs = np.zeros((themes, themes))
    np.add.at(pairs, (one[both], other[both]), 1)
    rows, columns = linear_sum_assignment(-pairs)
    return float(pairs[rows, columns].sum() / len(one))


def _chosen(tried: pd.DataFrame) -> tuple[int, float]:
    best = tried.loc[tried["alike"].idxmax()]
    row = tried[tried["alike"] >= best["alike"] - best["spread"]].iloc[0]
    return int(row["themes"]), float(row["alike"] / row["told"]) if row["told"] > 0 else 0.0


def _names(components: Floats, vocabulary: list[str]) -> list[str]:
    """Each theme by its strongest words, those first that are strongest in it of all themes."""
    owner = components.argmax(axis=0)
    named = []
    for place, weights in enumerate(components):
        order = np.lexsort((np.arange(len(weights)), -weights))
        strong = [word for word in order if weights[word] >= FAINT * weights[order[0]]]
        own = [word for word in strong if owner[word] == place] or strong[:1]
        named.append(", ".join(vocabulary[word] for word in own[:NAMED_BY]))
    return named
