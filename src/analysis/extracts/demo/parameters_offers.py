"""What the simulated provider sells and asks: its plans, and its campaigns with what they do to the log-hazard."""

from __future__ import annotations

from analysis.extracts.demo.shapes import Arm, Campaign, Plan

PLANS = (
    Plan(0, ("Copper 50", "铜线 50"), 2990, "dsl", 50),
    Plan(0, ("Copper 100", "铜线 100"), 3490, "dsl", 100),
    Plan(0, ("Cable 250", "有线 250"), 3790, "cable", 250),
    Plan(0, ("Cable 500", "有线 500"), 4490, "cable", 500),
    Plan(0, ("Fibre 250", "光纤 250"), 3990, "fibre", 250),
    Plan(0, ("Fibre 500", "光纤 500"), 4990, "fibre", 500),
    Plan(0, ("Fibre 1000", "光纤 1000"), 6490, "fibre", 1000),
    Plan(0, ("Office Copper 100", "商务铜线 100"), 5900, "dsl", 100, business=True),
    Plan(0, ("Office Cable 500", "商务有线 500"), 7900, "cable", 500, business=True),
    Plan(0, ("Office Fibre 1000", "商务光纤 1000"), 11900, "fibre", 1000, business=True),
    Plan(1, ("Mobile S", "移动 S"), 990, "4g", cap_gb=5),
    Plan(1, ("Mobile M", "移动 M"), 1790, "5g", cap_gb=20),
    Plan(1, ("Mobile L", "移动 L"), 2990, "5g", cap_gb=60),
    Plan(2, ("Voice Flat", "语音畅打"), 690),
    Plan(2, ("Voice Office", "商务语音"), 1490, business=True),
    Plan(3, ("TV Basic", "电视基础"), 890),
    Plan(3, ("TV Premium", "电视高级"), 1790),
    Plan(4, ("Cloud 100", "云盘 100"), 290),
    Plan(4, ("Cloud 1000", "云盘 1000"), 890),
    Plan(5, ("Security", "安全卫士"), 490),
    Plan(6, ("Smart Home", "智能家居"), 690),
)

CAMPAIGNS = (
    Campaign(
        "STAY",
        ("Stay and save", "续约有礼"),
        "retention",
        True,
        5,
        12,
        3,
        0.20,
        400_000,
        (
            Arm("control", 0.34),
            Arm("discount", 0.33, -0.10, at_price=-0.75, asleep=0.30, cost=40, response=0.32, discount=0.25),
            Arm("call", 0.33, -0.08, at_complaint=-0.70, cost=450, response=0.38),
        ),
    ),
    Campaign(
        "CARE",
        ("Priority care", "重点关怀"),
        "retention",
        False,
        3,
        6,
        3,
        0.60,
        250_000,
        (Arm("care_call", 1.0, -0.40, cost=600, response=0.42),),
    ),
    Campaign(
        "MORE",
        ("More for your home", "智享家庭"),
        "upsell",
        False,
        8,
        12,
        2,
        0.15,
        150_000,
        (Arm("email", 1.0, cost=5, response=0.06),),
    ),
    Campaign(
        "BACK",
        ("Come back", "欢迎回家"),
        "win_back",
        False,
        10,
        12,
        2,
        0.50,
        100_000,
        (Arm("letter", 1.0, cost=110, response=0.08),),
    ),
)
