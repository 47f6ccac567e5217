"""The words of the extracts: lists in the order of the codes that the simulation uses."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh"]

TYPES = ("household", "business", "government", "education")
KINDS = ("voluntary", "non_payment", "moved", "deceased", "other")
STATUSES = ("active", "suspended", "churned", "test", "staff")
INDUSTRIES = ("retail", "crafts", "hospitality", "health", "logistics", "consulting", "manufacturing", "agriculture")
CHANNELS = ("web", "shop", "comparison site", "door to door", "telesales", "referral")
ROLES = ("administrator", "ordinary")
AREA_TYPES = ("urban", "rural")
PAYMENT_METHODS = ("direct debit", "credit card", "bank transfer", "cash")
CONSENT_CHANNELS = ("email", "sms", "phone", "post", "do_not_contact", "erasure")
SEGMENTS = ("household", "business")

REGIONS = {
    "en": ("Northcoast", "Lakeland", "Capital", "Westvale", "Midlands", "Eastmoor", "Southridge", "Highlands"),
    "zh": ("北岸", "湖区", "首府", "西谷", "中原", "东泽", "南岭", "高地"),
}

# In the order of the families of the hazard, then the reasons that belong to no family.
REASONS = (
    "price too high", "poor service or network", "better offer elsewhere", "hardly used", "contract ended",
    "payment difficulties", "no longer needed", "not told", "bills unpaid", "moved away", "moved with us",
    "deceased", "business closed",
)  # fmt: skip
REASON_NOT_NEEDED, REASON_NOT_TOLD, REASON_UNPAID, REASON_AWAY, REASON_WITH_US = 6, 7, 8, 9, 10
REASON_DECEASED, REASON_CLOSED = 11, 12

INVOICE_KINDS = ("recurring", "usage", "one_off", "credit")
TICKET_STATUSES = ("open", "closed")
TICKET_CHANNELS = ("phone", "app", "chat", "email", "shop")
SEVERITIES = ("low", "medium", "high")
CATEGORIES = ("outage", "slow speed", "billing", "contract", "device", "move", "other")
ORDER_STATUSES = ("open", "done", "refused")
ORDER_ACTIONS = ("retention call", "technician visit")
ORDER_OUTCOMES = ("reached", "not reached", "declined", "repaired", "no fault found")

# Three per category, in the order of CATEGORIES.
TICKET_TEXTS = {
    "en": (
        "No connection since this morning.", "The line drops every evening.", "Outage in the whole street.",
        "Speed is far below what was promised.", "Video stutters in the evening.", "Upload is very slow.",
        "The bill is higher than last month.", "A charge on the bill is not clear.", "Asks for another due date.",
        "Asks when the contract ends.", "Wants to change the plan.", "Asks what leaving would cost.",
        "The router restarts by itself.", "Wireless does not reach all rooms.", "The set-top box shows no picture.",
        "Is moving house and asks what to do.", "Asks if the new address is served.", "Wants to move the line.",
        "General question.", "Change of bank details.", "Asks for a copy of a letter.",
    ),
    "zh": (
        "今天早上起无法上网。", "每天晚上都会掉线。", "整条街都断网了。",
        "网速远低于承诺。", "晚上看视频卡顿。", "上传速度很慢。",
        "本月账单比上月高。", "账单上有一项费用不清楚。", "希望更改付款日期。",
        "询问合同何时到期。", "希望更换套餐。", "询问解约费用。",
        "路由器自动重启。", "部分房间没有无线信号。", "机顶盒没有画面。",
        "准备搬家，询问办理方式。", "询问新地址是否有覆盖。", "希望移机。",
        "一般咨询。", "更改银行信息。", "索取信件副本。",
    ),
}  # fmt: skip

SYLLABLES_FIRST = (
    "Bra", "Dor", "Fen", "Gal", "Hol", "Jor", "Kel", "Lun", "Mar", "Nor", "Ost", "Pel",
    "Quin", "Ros", "Sel", "Tor", "Ulm", "Vel", "Wen", "Yar", "Zan", "Cor", "Ed", "Al",
)  # fmt: skip
SYLLABLES_LAST = (
    "dan", "fek", "gard", "hus", "kin", "lund", "mar", "nik", "rand", "stet", "tan", "vik",
    "wood", "zer", "berg", "cott", "dorn", "ley", "mont", "row", "sen", "ter", "vald", "well",
)  # fmt: skip
STREETS = ("Linden Row", "Mill Lane", "Station Road", "Harbour Street", "Orchard Way", "Church Hill", "Market Square")
COMPANIES = ("Works", "Trading", "Studio", "Partners", "Supply", "Services")
# Numbers that the German regulator keeps free for films and books: prefix, then three digits.
FICTIONAL_PHONES = ("+49 30 23125", "+49 40 66969", "+49 69 90009", "+49 89 99998", "+49 221 4710")
