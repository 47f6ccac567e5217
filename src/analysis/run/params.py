"""The params of a report: three base files, and the quarterly file that overrides any of their keys."""

from __future__ import annotations

import os
from difflib import get_close_matches
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, field_validator, model_validator
from ruamel.yaml import YAML

from analysis.basis.documents import LARGEST_BYTES, Document, layered, read_yaml, validated
from analysis.basis.errors import ParamsError
from analysis.basis.failures import shown
from analysis.basis.quarter import Quarter
from analysis.extracts.key import Key, read_key
from analysis.run.class_params import DimensionKeys, checked_names
from analysis.run.composition_params import CompositionKeys
from analysis.run.export_params import ExportKeys
from analysis.run.keys import Groups, Keys, NotNegative, Positive, QualityEdges, Share
from analysis.run.notice_params import FaultNoticeKeys
from analysis.run.places import default_folder, frozen_root
from analysis.run.policy_params import PolicyKeys, TeamKeys, beneath, policy_faults, without_switched_off
from analysis.run.price_params import PriceFitKeys
from analysis.run.risk_params import RiskRuleKeys, checked_rules
from analysis.run.scorecard_params import ScorecardLines, check_targets
from analysis.run.service_params import ServiceKeys
from analysis.run.value_params import ValueTierKeys
from analysis.run.warning_params import WarningKeys, check_faults


def _quarter(value: object) -> Quarter:
    return value if isinstance(value, Quarter) else Quarter.parse(str(value))


QuarterText = Annotated[Quarter, PlainValidator(_quarter), PlainSerializer(str, return_type=str)]


def shipped_classes() -> dict[str, DimensionKeys]:
    """The classes of the package's own standards.yml."""
    keys = _shipped("standards.yml").data["classes"]
    return {name: DimensionKeys.model_validate(one) for name, one in keys.items()}


def shipped_risk_rules() -> dict[str, RiskRuleKeys]:
    """The warning signs of the package's own standards.yml."""
    keys = _shipped("standards.yml").data["risk_rules"]
    return {name: RiskRuleKeys.model_validate(one) for name, one in keys.items()}


class Standards(Keys):
    """The keys of `params/standards.yml`: rules of classification, and thresholds."""

    grace_days: int = Field(default=30, ge=0, le=365)
    small_group: int = Field(default=11, ge=5)
    quarantine_share_max: Share = 0.01
    orphan_share_max: Share = 0.005
    unknown_code_share_max: Share = 0.02
    strict_drift: bool = False
    quality: QualityEdges = QualityEdges()
    groups: Groups = Groups()
    value_tiers: ValueTierKeys = ValueTierKeys()
    fault_notices: FaultNoticeKeys = FaultNoticeKeys()
    composition: CompositionKeys = CompositionKeys()
    service: ServiceKeys = ServiceKeys()
    price_fit: PriceFitKeys = PriceFitKeys()
    export: ExportKeys = ExportKeys()
    classes: dict[str, DimensionKeys] = Field(default_factory=shipped_classes)
    risk_rules: dict[str, RiskRuleKeys] = Field(default_factory=shipped_risk_rules)

    @field_validator("classes")
    @classmethod
    def _told_apart(cls, classes: dict[str, DimensionKeys]) -> dict[str, DimensionKeys]:
        return checked_names(classes)

    @model_validator(mode="after")
    def _rules_read_classes(self) -> Self:
        checked_rules(self.risk_rules, dimensions=self.classes)
        return self


class GrossMargin(BaseModel):
    """What is left of a product's revenue after its own costs, as a share; `default` is that of any other product."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    __pydantic_extra__: dict[str, Share] = Field(init=False)

    default: Share = 0.6
    broadband: Share = 0.62
    mobile: Share = 0.5
    voice: Share = 0.7
    tv: Share = 0.35
    cloud: Share = 0.7
    security: Share = 0.8
    smart_home: Share = 0.55

    @model_validator(mode="after")
    def _names_products(self) -> Self:
        for name in self.__pydantic_extra__:
            close = get_close_matches(name.lower(), type(self).model_fields, n=1, cutoff=0.85)
            if close or name != name.lower():
                do = f"Did you mean `{close[0]}`?" if close else "Write it in small letters: case does not count."
                raise ValueError(f"expected the name of a product, found {name!r}. {do}")
        return self

    @property
    def by_product(self) -> dict[str, float]:
        """Share by product, `default` among them."""
        return {str(name): float(share) for name, share in self.model_dump().items()}


class CostToServe(Keys):
    """What a customer costs in a month, and what a ticket costs that has no cost of its own; source's currency."""

    per_month: NotNegative = 1.5
    per_contact: NotNegative = 6.0


def shipped_scorecard() -> dict[str, str | None]:
    """The lines of the scorecard in the package's own economics.yml."""
    return dict(_shipped("economics.yml").data["scorecard"])


class Economics(Keys):
    """The keys of `params/economics.yml`."""

    gross_margin: GrossMargin = GrossMargin()
    cost_to_serve: CostToServe = CostToServe()
    discount_rate: Share = 0.08
    value_horizon_months: int = Field(default=36, ge=12, le=120)
    budget: NotNegative | None = 10_000
    targets: dict[str, float] = Field(default_factory=dict)
    scorecard: ScorecardLines = Field(default_factory=shipped_scorecard)


def shipped_policies() -> dict[str, PolicyKeys]:
    """The policies of the package's own policy.yml."""
    keys = _shipped("policy.yml").data["policies"]
    return {name: PolicyKeys.model_validate(one) for name, one in keys.items()}


def shipped_teams() -> dict[str, TeamKeys]:
    """The teams of the package's own policy.yml."""
    return {name: TeamKeys.model_validate(one) for name, one in _shipped("policy.yml").data["teams"].items()}


class PolicyTable(Keys):
    """The keys of `params/policy.yml`: what is done for whom."""

    holdout: Share = 0.1
    marketing_quiet_days: int = Field(default=60, ge=0, le=365)
    warnings: WarningKeys = WarningKeys()
    teams: dict[str, TeamKeys] = Field(default_factory=shipped_teams)
    policies: dict[str, PolicyKeys] = Field(default_factory=shipped_policies)

    @field_validator("policies", "teams", mode="before")
    @classmethod
    def _switched_on(cls, lines: object) -> object:
        return without_switched_off(lines)


class Params(Standards, Economics, PolicyTable):
    """The keys of a quarterly file: its own, and every key of the three base files."""

    quarter: QuarterText
    source: str
    language: str = "en"
    allow_partial: bool = False
    pseudonymise: bool = False
    minutes_per_notebook: Positive = 30
    memory_gb: float = Field(default=3, ge=0.5)

    @field_validator("language")
    @classmethod
    def _is_written(cls, language: str) -> str:
        if language != "en":
            raise ValueError(f"expected en, found {language!r}. This version writes English only.")
        return language


BASE_FILES: dict[str, type[Keys]] = {
    "standards.yml": Standards,
    "economics.yml": Economics,
    "policy.yml": PolicyTable,
}


def read_params(path: Path, *, base: Path | None = None) -> Params:
    """The params of one report: `params/*.yml` of the folder `base` (default: the current one), then `path`.

    A base file that `base` does not have comes from the package's defaults. A frozen copy is complete and is
    read alone.

    Raises
    ------
    ParamsError
        With file, line and column of every unknown, doubled or impossible key.
    """
    document = read_document(path)
    if frozen_root(path) is None:
        document = layered(*_base_documents(base or Path.cwd()), document)
    params = validated(document, Params)
    check_targets(params.targets, document)
    stray = policy_faults(params.policies, of=params.teams, dimensions=params.classes)
    for fault in (*stray, *check_faults(params.warnings, of=params.teams)):
        where = "{}:{}:{}".format(*document.positions.get(fault.path, (str(path), 1, 1)))
        raise ParamsError(where, expected=fault.expected, found=shown(fault.found), do=fault.do)
    return params


def read_document(path: Path) -> Document:
    """The YAML document in a file; ParamsError when there is no such file, or it is no text."""
    name = str(path)
    if not path.is_file():
        near = ", ".join(sorted(file.name for file in path.parent.glob("*.yml") if file.is_file())[:10])
        do = f"In that folder there are: {near}." if near else "Correct the path."
        found = "something that is no file" if path.exists() else "no such file"
        raise ParamsError(name, expected="a params file", found=found, do=do)
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise ParamsError(name, expected="at most 256 kB of YAML", found="more", do="Name a params file.")
        by_hand = frozen_root(path) is None
        return read_yaml(path.read_bytes().decode("utf-8-sig"), name=name, by_hand=by_hand)
    except UnicodeDecodeError as error:
        found = f"a byte that is not, at offset {error.start}"
        raise ParamsError(name, expected="UTF-8 text", found=found, do="Save the file as UTF-8.") from None
    except OSError as error:
        do = "Check the file's permissions."
        raise ParamsError(name, expected="a readable file", found=str(error.strerror), do=do) from None


def frozen_text(params: Params, *, source: Path) -> str:
    """The params as one YAML file without layers, the source as an absolute path; same params, same text."""
    keys: dict[str, Any] = params.model_dump()
    stream = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # of the rules of classification the first that applies holds
    yaml.dump(keys | {"source": str(source)}, stream)
    return stream.getvalue()


def key_for(params: Params, *, params_file: Path, project: Path) -> Key | None:
    """The key of pseudonyms, from the environment; None where the params ask for no pseudonyms.

    Raises
    ------
    ParamsError
        When they ask for them and no key can be used.
    """
    if not params.pseudonymise:
        return None
    return read_key(os.environ, where=f"{params_file}, pseudonymise", project=project)


def _base_documents(base: Path) -> list[Document]:
    documents = [read_document(_base_file(base, name)) for name in BASE_FILES]
    for index, document in enumerate(documents):
        _check_once(document, documents[:index])
    # What a folder's own file does not say, the package's says: of a class of its own, every rule but one, perhaps.
    whole = [layered(beneath(_shipped(name), own), own) for name, own in zip(BASE_FILES, documents, strict=True)]
    for document, model in zip(whole, BASE_FILES.values(), strict=True):
        validated(document, model)
    return whole


@cache
def _shipped(name: str) -> Document:
    return read_document(default_folder() / "params" / name)


def _base_file(base: Path, name: str) -> Path:
    own = base / "params" / name
    if not own.is_file():
        return default_folder() / "params" / name
    return own.relative_to(Path.cwd()) if own.is_relative_to(Path.cwd()) else own


def _check_once(document: Document, earlier: list[Document]) -> None:
    """Raises when a key stands in two base files: which one counts would be a matter of file names."""
    for key in document.data:
        for other in earlier:
            if key in other.data:
                first = "{}:{}:{}".format(*other.positions[(key,)])
                where = "{}:{}:{}".format(*document.positions[(key,)])
                found = f"`{key}` again (first in {first})"
                raise ParamsError(where, expected="each key in one base file", found=found, do="Keep one of the two.")
