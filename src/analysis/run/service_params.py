"""The key `service` of params/standards.yml: how contacts with the service desk are read, checked."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.frames.desk import NOT_GRADED, ServiceRules
from analysis.run.class_params import refused

Word = Annotated[str, Field(min_length=1)]
Hours = Annotated[float, Field(gt=0)]

SELF_SERVICE = (
    "app", "web", "portal", "website", "online", "self-service", "chatbot", "bot", "ivr", "sms", "wechat",
    "自助", "网站", "微信",
)  # fmt: skip
SEVERITIES = {
    "urgent": ("urgent", "critical", "emergency", "blocker", "p1", "紧急", "特急", "非常紧急"),
    "high": ("high", "major", "severe", "p2", "高", "严重", "重要"),
    "medium": ("medium", "normal", "moderate", "middle", "p3", "中", "一般", "普通"),
    "low": ("low", "minor", "trivial", "p4", "低", "轻微"),
}
LIMITS = {"urgent": 8.0, "high": 24.0, "medium": 72.0, "low": 168.0}
OPEN_WORDS = (
    "open", "pending", "new", "in progress", "on hold", "waiting", "assigned", "reopened", "escalated",
    "待处理", "处理中", "未处理", "未解决", "打开",
)  # fmt: skip
CLOSED_WORDS = (
    "closed", "solved", "resolved", "done", "completed", "finished", "cancelled", "canceled",
    "已关闭", "关闭", "已解决", "已完成", "已处理", "完成",
)  # fmt: skip


class ServiceKeys(BaseModel):
    """How contacts are read; every word in small letters, as the source's words are compared."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    self_service: list[Word] = list(SELF_SERVICE)
    follow_up_days: int = Field(default=7, ge=1, le=90)
    survey_days: int = Field(default=30, ge=1, le=180)
    severities: dict[str, list[Word]] = Field(
        default_factory=lambda: {name: list(one) for name, one in SEVERITIES.items()}
    )
    limit_hours: dict[str, Hours] = Field(default_factory=lambda: dict(LIMITS))
    repeated_days: int = Field(default=30, ge=1, le=365)
    repeated_grade: str | None = "high"
    open_statuses: list[Word] = list(OPEN_WORDS)
    closed_statuses: list[Word] = list(CLOSED_WORDS)
    most_themes: int = Field(default=8, ge=3, le=15)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        grades = ", ".join(self.severities)
        if NOT_GRADED in self.severities:
            raise refused("another name for a grade", NOT_GRADED, "It is that of severities nobody knows.")
        for name in (*self.limit_hours, *([self.repeated_grade] if self.repeated_grade else [])):
            if name not in self.severities:
                raise refused("a grade of `severities`", name, f"There are: {grades}.")
        graded = [word for words in self.severities.values() for word in words]
        for words in (graded, [*self.open_statuses, *self.closed_statuses]):
            twice = sorted({word for word in words if words.count(word) > 1})
            if twice:
                raise refused("each word once", twice[0], "Keep it where it belongs.")
        for word in (*self.self_service, *graded, *self.open_statuses, *self.closed_statuses):
            if word != word.strip().lower():
                raise refused("words in small letters, without blanks around", word, "Case does not count.")
        return self

    @property
    def rules(self) -> ServiceRules:
        """The same as the measures take it."""
        return ServiceRules(
            tuple(self.self_service), self.follow_up_days, self.survey_days,
            {name: tuple(words) for name, words in self.severities.items()}, dict(self.limit_hours),
            self.repeated_days, self.repeated_grade, tuple(self.open_statuses), tuple(self.closed_statuses),
        )  # fmt: skip
